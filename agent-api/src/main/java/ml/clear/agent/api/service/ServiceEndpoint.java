// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.service;

import java.net.URI;
import java.util.Objects;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.secret.Secret;

/**
 * Where a server answers, and what opens it.
 *
 * @param api the address of the API
 * @param web the address that result pages are printed with
 * @param files the address of the files server
 * @param accessKey the access key
 * @param secretKey the secret key
 * @param fresh whether this call started it
 * @param stopCommand the command that stops it, for people
 */
@Stability.Incubating(since = "0.1")
public record ServiceEndpoint(
        URI api, URI web, URI files, String accessKey, Secret secretKey, boolean fresh, String stopCommand) {

    /** Checks for absence. */
    public ServiceEndpoint {
        Objects.requireNonNull(api);
        Objects.requireNonNull(web);
        Objects.requireNonNull(files);
        Objects.requireNonNull(accessKey);
        Objects.requireNonNull(secretKey);
        Objects.requireNonNull(stopCommand);
    }
}
