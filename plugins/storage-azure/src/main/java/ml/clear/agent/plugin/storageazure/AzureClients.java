// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceAsyncClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.specialized.BlockBlobClient;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import ml.clear.agent.api.spi.Network;

/** One client for each account and its credentials, over the JDK's HTTP client. A client makes one attempt: the agent retries. */
final class AzureClients {

    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final int ATTEMPT_SECONDS = 600;

    private final HttpClient http;
    private final Map<AzureAccess.ClientKey, Made> clients = new ConcurrentHashMap<>();

    /** @param stall longest wait for the next bytes of an answer; the answer to an upload may take ten times as long */
    AzureClients(Network network, Duration stall) {
        http = new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder()
                        .version(java.net.http.HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .sslContext(network.sslContext())
                        .proxy(network.proxySelector()))
                .readTimeout(stall)
                .responseTimeout(stall.multipliedBy(10))
                .build();
    }

    BlobContainerClient container(AzureAccess access) {
        return made(access).blocking().getBlobContainerClient(access.container());
    }

    BlockBlobClient blob(AzureAccess access) {
        return container(access).getBlobClient(access.blob()).getBlockBlobClient();
    }

    /** For reading: the client that blocks keeps what it reads in memory, and asks again by itself when a body breaks off. */
    BlobAsyncClient reader(AzureAccess access) {
        return made(access)
                .streaming()
                .getBlobContainerAsyncClient(access.container())
                .getBlobAsyncClient(access.blob());
    }

    private Made made(AzureAccess access) {
        return clients.computeIfAbsent(access.clientKey(), _ -> make(access));
    }

    private Made make(AzureAccess access) {
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder()
                .endpoint(access.endpoint())
                .httpClient(http)
                .retryOptions(new RequestRetryOptions(RetryPolicyType.FIXED, 1, ATTEMPT_SECONDS, null, null, null));
        if (!access.key().isEmpty()) {
            builder.credential(new StorageSharedKeyCredential(
                    access.account(), access.key().reveal()));
        } else if (!access.signature().isEmpty()) {
            builder.sasToken(access.signature().reveal());
        }
        return new Made(builder.buildClient(), builder.buildAsyncClient());
    }

    private record Made(BlobServiceClient blocking, BlobServiceAsyncClient streaming) {}
}
