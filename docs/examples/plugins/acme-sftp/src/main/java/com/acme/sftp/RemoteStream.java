package com.acme.sftp;

import java.io.IOException;
import java.io.InputStream;
import ml.clear.agent.api.storage.ByteRange;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;

/** The bytes of an open file. */
final class RemoteStream extends InputStream {

    private final SftpClient sftp;
    private final CloseableHandle handle;
    private final long end;
    private long position;

    RemoteStream(SftpClient sftp, CloseableHandle handle, ByteRange range) {
        this.sftp = sftp;
        this.handle = handle;
        position = range.first();
        end = range.length() < 0 ? Long.MAX_VALUE : range.first() + range.length();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int wanted = (int) Math.min(length, end - position);
        if (wanted == 0) {
            return length == 0 ? 0 : -1;
        }
        int read = sftp.read(handle, position, buffer, offset, wanted);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }
}
