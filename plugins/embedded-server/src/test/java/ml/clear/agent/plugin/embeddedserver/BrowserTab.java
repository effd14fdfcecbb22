// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import ml.clear.agent.embedded.store.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A tab of {@link Chromium}. */
final class BrowserTab implements AutoCloseable {

    private static final int SECONDS = 60;
    private static final int LOOK_EVERY_MILLIS = 25;

    private final Chromium browser;
    private final String target;
    private final String session;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    BrowserTab(Chromium browser, String target, String session) {
        this.browser = browser;
        this.target = target;
        this.session = session;
        browser.listen(session, this::note);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", Json.object());
        }
        size(1280, 900);
    }

    private void note(JsonNode message) {
        JsonNode given = message.path("params");
        switch (message.path("method").asString("")) {
            case "Runtime.exceptionThrown" ->
                problems.add(given.path("exceptionDetails").toString());
            case "Log.entryAdded" -> {
                if (given.path("entry").path("level").asString("").equals("error")) {
                    problems.add(given.path("entry").path("text").asString("") + " "
                            + given.path("entry").path("url").asString(""));
                }
            }
            case "Network.requestWillBeSent" ->
                requests.add(given.path("request").path("url").asString(""));
            default -> {
                // of no interest
            }
        }
    }

    private JsonNode send(String method, ObjectNode parameters) {
        return browser.send(session, method, parameters);
    }

    /** Goes to an address; what it loads comes afterwards. */
    void go(URI address) {
        send("Page.navigate", Json.object().put("url", address.toString()));
    }

    void addHeaders(Map<String, String> headers) {
        ObjectNode all = Json.object();
        headers.forEach(all::put);
        ObjectNode parameters = Json.object();
        parameters.set("headers", all);
        send("Network.setExtraHTTPHeaders", parameters);
    }

    /** The value of an expression, which may be a promise. */
    JsonNode evaluate(String expression) {
        JsonNode answer = send(
                "Runtime.evaluate",
                Json.object()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true)
                        .put("userGesture", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** Waits until an expression is true; one that fails is false, as before the page is there. */
    void await(String expression) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        String whether = "(() => { try { return Boolean(" + expression + "); } catch { return false; } })()";
        while (!evaluate(whether).asBoolean(false)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never true: " + expression + "; the page shows: "
                        + evaluate("document.body.innerText").asString("") + " problems: " + problems);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** Waits until the page shows a text. */
    void awaitText(String text) {
        await("document.body.innerText.includes(" + quoted(text) + ")");
    }

    /** Clicks on the first visible button or link with a title, when it is there and enabled. */
    void click(String title) {
        String find = "[...document.querySelectorAll('dialog[open] button, dialog[open] a')].concat("
                + "[...document.querySelectorAll('button, a, summary')]).find(each => each.checkVisibility() && !each.disabled && ("
                + "each.innerText.replace(/[\u2191\u2193]/g, '').trim() === " + quoted(title)
                + " || each.getAttribute('aria-label') === "
                + quoted(title)
                + "))";
        await(find);
        evaluate(find + ".click()");
    }

    /** Fills a field as a user does. */
    void fill(String selector, String text) {
        await("document.querySelector(" + quoted(selector) + ")");
        evaluate("{const field = document.querySelector(" + quoted(selector) + "); field.value = " + quoted(text)
                + "; field.dispatchEvent(new Event('input', {bubbles: true}));"
                + " field.dispatchEvent(new Event('change', {bubbles: true}));}");
    }

    /** Presses a key such as {@code Tab} or {@code Enter}. */
    void press(String key) {
        int code = key.equals("Tab") ? 9 : key.equals("Enter") ? 13 : 0;
        ObjectNode event = Json.object().put("key", key).put("code", key).put("windowsVirtualKeyCode", code);
        send("Input.dispatchKeyEvent", event.deepCopy().put("type", "rawKeyDown"));
        if (key.equals("Enter")) {
            send("Input.dispatchKeyEvent", event.deepCopy().put("type", "char").put("text", "\r"));
        }
        send("Input.dispatchKeyEvent", event.deepCopy().put("type", "keyUp"));
    }

    void size(int width, int height) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Json.object()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** Lets the system prefer dark colours, or light ones. */
    void dark(boolean on) {
        ObjectNode media = Json.object();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", on ? "dark" : "light");
        send("Emulation.setEmulatedMedia", media);
    }

    /** A picture of what is visible. */
    byte[] picture() {
        return Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Json.object().put("format", "png"))
                        .path("data")
                        .stringValue());
    }

    /** What the browser has complained about since the tab was opened. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** The addresses that were requested. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    static String quoted(String text) {
        return Json.text(Json.object().put("t", text).path("t"));
    }

    @Override
    public void close() {
        browser.send("", "Target.closeTarget", Json.object().put("targetId", target));
    }
}
