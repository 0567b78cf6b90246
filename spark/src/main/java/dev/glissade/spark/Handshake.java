package dev.glissade.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves to both ends of a connection that the other one knows a secret, which the driver hands out
 * with the tasks: each end sends a random challenge and answers the other's by HMAC-SHA256. The
 * answers also cover who connects to whom, and which end speaks, so that none can be used again.
 * What follows on the connection is neither encrypted nor authenticated.
 */
final class Handshake {
  /** The rank of the driver. */
  static final int DRIVER = -1;

  private static final int SECRET_BYTES = 32;
  private static final int CHALLENGE_BYTES = 32;
  private static final int MAC_BYTES = 32;

  /** Begins each connection: "GLR1". */
  private static final int MAGIC = 0x474C5231;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] secret;

  Handshake(byte[] secret) {
    this.secret = secret.clone();
  }

  static byte[] newSecret() {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return secret;
  }

  /**
   * Speaks first, as the end that accepted the connection, and throws unless the other end is the
   * expected peer.
   */
  void accept(Link link, int peer, int self) throws IOException {
    byte[] ours = challenge();
    link.write(ours);
    ByteBuffer hello = ByteBuffer.wrap(link.read(3 * Integer.BYTES + CHALLENGE_BYTES));
    int magic = hello.getInt();
    int from = hello.getInt();
    int to = hello.getInt();
    boolean expected = magic == MAGIC && from == peer && to == self;
    byte[] theirs = new byte[CHALLENGE_BYTES];
    hello.get(theirs);
    byte[] answer = link.read(MAC_BYTES);
    boolean knows = MessageDigest.isEqual(answer, mac('c', ours, theirs, peer, self));
    if (!expected || !knows) {
      throw new IOException("the peer must be rank %d with the secret".formatted(peer));
    }
    link.write(mac('a', ours, theirs, peer, self));
  }

  /** Answers, as the end that opened the connection, and throws unless it reached the peer. */
  void connect(Link link, int self, int peer) throws IOException {
    byte[] theirs = link.read(CHALLENGE_BYTES);
    byte[] ours = challenge();
    ByteBuffer hello =
        ByteBuffer.allocate(3 * Integer.BYTES + CHALLENGE_BYTES + MAC_BYTES)
            .putInt(MAGIC)
            .putInt(self)
            .putInt(peer)
            .put(ours)
            .put(mac('c', theirs, ours, self, peer));
    link.write(hello.array());
    if (!MessageDigest.isEqual(link.read(MAC_BYTES), mac('a', theirs, ours, self, peer))) {
      throw new IOException("the peer must know the secret");
    }
  }

  private static byte[] challenge() {
    byte[] challenge = new byte[CHALLENGE_BYTES];
    RANDOM.nextBytes(challenge);
    return challenge;
  }

  /**
   * Returns an end's answer.
   *
   * @param end who answers: 'c' for the end that connected, 'a' for the one that accepted
   */
  private byte[] mac(char end, byte[] acceptors, byte[] connectors, int from, int to) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(ByteBuffer.allocate(10).putChar(end).putInt(from).putInt(to).flip());
      mac.update(acceptors);
      return mac.doFinal(connectors);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime must have HmacSHA256", e);
    }
  }
}
