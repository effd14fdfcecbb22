package com.acme.sftp;

import java.io.IOException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Failures of the protocol as failures of a store. */
final class SftpFailure {

    private SftpFailure() {}

    static boolean isMissing(IOException failure) {
        return failure instanceof SftpException answer
                && (answer.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE
                        || answer.getStatus() == SftpConstants.SSH_FX_NO_SUCH_PATH);
    }

    /** @param action a verb */
    static AgentException of(String action, StorageAddress object, IOException failure) {
        if (isMissing(failure)) {
            return new AgentException(ErrorCode.NOT_FOUND, "there is no '" + object + "'; check the address", failure);
        }
        return switch (failure) {
            case SftpException answer
            when answer.getStatus() == SftpConstants.SSH_FX_PERMISSION_DENIED ->
                new AgentException(
                        ErrorCode.ACCESS_DENIED,
                        "the user may not " + action + " '" + object + "'; check the permissions on the server",
                        failure);
            case SftpException answer ->
                new AgentException(
                        ErrorCode.STORAGE_FAILED,
                        "cannot " + action + " '" + object + "': " + answer.getMessage() + "; check the server's log",
                        failure);
            case SshException ended
            when ended.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE ->
                new AgentException(
                        ErrorCode.STORAGE_FAILED,
                        "the key of the server of '" + object + "' is not in " + SftpSettings.KNOWN_HOSTS.key()
                                + "; compare it and add it with ssh-keyscan",
                        failure);
            case SshException ended
            when ended.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE ->
                new AgentException(
                        ErrorCode.CREDENTIALS_REFUSED,
                        "the server of '" + object + "' refuses the key of " + SftpSettings.KEY.key()
                                + "; add it to the user's authorized_keys",
                        failure);
            default ->
                new AgentException(
                        ErrorCode.SERVER_UNAVAILABLE,
                        "cannot " + action + " '" + object + "': " + failure.getMessage()
                                + "; check that the server runs and can be reached",
                        failure);
        };
    }
}
