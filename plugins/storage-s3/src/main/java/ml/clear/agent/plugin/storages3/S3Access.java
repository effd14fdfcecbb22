// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * How a place is reached: from the entry of {@code sdk.aws.s3.credentials} that fits it best, and from the general keys where
 * no entry fits. An entry fits by bucket and folder, or by host; the longer folder wins.
 *
 * @param place the place
 * @param key the access key, empty for none
 * @param secret the secret key
 * @param token the session token, empty for none
 * @param profile the profile of AWS, empty for none
 * @param region empty where no key gives one
 * @param multipart whether there may be parts
 * @param secure whether a host is reached by https
 * @param verify as {@code sdk.aws.s3.verify}; empty for the agent's usual trust
 * @param chain whether the tools' own chain of credentials is asked
 * @param acl the rights of what is stored, empty for those of the bucket
 */
record S3Access(
        S3Location place,
        String key,
        Secret secret,
        Secret token,
        String profile,
        String region,
        boolean multipart,
        boolean secure,
        String verify,
        boolean chain,
        String acl) {

    private static final Secret NONE = Secret.of("");

    static S3Access of(StorageAddress address, Settings settings) {
        List<Settings> entries = settings.get(S3Settings.CREDENTIALS);
        S3Location place = S3Location.of(address, isHost(address.authority(), entries));
        Optional<Settings> entry =
                entries.stream().filter(each -> fits(each, place)).max(Comparator.comparingInt(each -> weight(each)));
        return entry.map(found -> ofEntry(place, found, settings)).orElseGet(() -> general(place, settings));
    }

    private static boolean isHost(String authority, List<Settings> entries) {
        return authority.indexOf(':') >= 0
                || entries.stream()
                        .anyMatch(entry -> text(entry, S3Settings.Entry.HOST).equals(authority));
    }

    private static boolean fits(Settings entry, S3Location place) {
        String host = text(entry, S3Settings.Entry.HOST);
        String bucket = text(entry, S3Settings.Entry.BUCKET);
        if (!host.equals(place.host()) || (host.isEmpty() && bucket.isEmpty())) {
            return false;
        }
        String folder = folder(entry);
        return (bucket.isEmpty() || bucket.equals(place.bucket()))
                && (folder.isEmpty()
                        || place.key().startsWith(folder + "/")
                        || place.key().equals(folder));
    }

    private static int weight(Settings entry) {
        return (text(entry, S3Settings.Entry.BUCKET).isEmpty() ? 0 : 1)
                + folder(entry).length();
    }

    private static String folder(Settings entry) {
        return text(entry, S3Settings.Entry.SUBDIR).replaceAll("^/+|/+$", "");
    }

    /** What an entry does not say, the general keys do; its key, secret and token belong together. */
    private static S3Access ofEntry(S3Location place, Settings entry, Settings settings) {
        boolean ownKey = !text(entry, S3Settings.Entry.KEY).isEmpty();
        boolean ownProfile = !text(entry, S3Settings.Entry.PROFILE).isEmpty();
        boolean ownChain = entry.get(S3Settings.Entry.CHAIN).orElse(false);
        S3Access general = general(place, settings);
        boolean inherits = !ownKey && !ownProfile && !ownChain;
        return new S3Access(
                place,
                inherits ? general.key() : text(entry, S3Settings.Entry.KEY),
                inherits
                        ? general.secret()
                        : entry.get(S3Settings.Entry.SECRET_KEY).orElse(NONE),
                inherits ? general.token() : entry.get(S3Settings.Entry.TOKEN).orElse(NONE),
                inherits ? general.profile() : text(entry, S3Settings.Entry.PROFILE),
                entry.get(S3Settings.Entry.REGION).orElse(general.region()),
                entry.get(S3Settings.Entry.MULTIPART).orElse(true),
                entry.get(S3Settings.Entry.SECURE).orElse(general.secure()),
                entry.get(S3Settings.Entry.VERIFY).orElse(general.verify()),
                entry.get(S3Settings.Entry.CHAIN).orElse(general.chain()),
                text(entry, S3Settings.Entry.ACL));
    }

    private static S3Access general(S3Location place, Settings settings) {
        return new S3Access(
                place,
                text(settings, S3Settings.KEY),
                settings.get(S3Settings.SECRET_KEY).orElse(NONE),
                settings.get(S3Settings.TOKEN).orElse(NONE),
                text(settings, S3Settings.PROFILE),
                text(settings, S3Settings.REGION),
                true,
                settings.get(S3Settings.SECURE),
                text(settings, S3Settings.VERIFY),
                settings.get(S3Settings.CHAIN),
                "");
    }

    private static String text(Settings settings, Setting<Optional<String>> setting) {
        return settings.get(setting).map(String::strip).orElse("");
    }

    /** What makes a client different from that of another place. */
    record ClientKey(
            String host,
            String key,
            String secret,
            String token,
            String profile,
            String region,
            boolean secure,
            String verify,
            boolean chain) {

        /** Without the secrets. */
        @Override
        public String toString() {
            return "client of '" + host + "' for key '" + key + "'";
        }
    }

    ClientKey clientKey() {
        return new ClientKey(
                place.host(), key, secret.reveal(), token.reveal(), profile, region, secure, verify, chain);
    }

    /** Whether requests are signed at all. */
    boolean isAnonymous() {
        return key.isEmpty() && profile.isEmpty() && !chain;
    }

    /** The address of the server, empty for Amazon. */
    String endpoint() {
        return place.host().isEmpty() ? "" : (secure ? "https://" : "http://") + place.host();
    }
}
