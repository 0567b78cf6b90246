package dev.glissade.privacy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bits that nobody can predict: AES-256 in counter mode, with keys from the system's secure
 * generator or derived from a secret one. It takes the next key after 2^32 bytes.
 */
final class SecureBits implements RandomBits, RandomGenerator {
  private static final int BUFFER = 1 << 13;
  private static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;
  private static final long MOST_BYTES = 1L << 32;

  private final Supplier<byte[]> keys;
  private final byte[] zeros = new byte[BUFFER];
  private final byte[] bytes = new byte[BUFFER];
  private final ByteBuffer longs = ByteBuffer.wrap(bytes);
  private final Cipher cipher;
  private long left;

  SecureBits() {
    this(systemKeys());
  }

  private SecureBits(Supplier<byte[]> keys) {
    this.keys = keys;
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime must have AES/CTR/NoPadding", e);
    }
    longs.position(BUFFER);
  }

  /**
   * Returns the bits that a secret determines. Different streams of a secret are as good as
   * independent.
   */
  static SecureBits derived(byte[] secret, long stream) {
    long[] taken = {0};
    return new SecureBits(() -> derivedKey(secret, stream, taken[0]++));
  }

  /** Returns HMAC-SHA256 of the stream and of the number of keys taken before. */
  private static byte[] derivedKey(byte[] secret, long stream, long taken) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(
          ByteBuffer.allocate(2 * Long.BYTES).putLong(stream).putLong(taken).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime must have HmacSHA256", e);
    }
  }

  private static Supplier<byte[]> systemKeys() {
    SecureRandom system = new SecureRandom();
    return () -> {
      byte[] key = new byte[KEY_BYTES];
      system.nextBytes(key);
      return key;
    };
  }

  @Override
  public long next() {
    if (!longs.hasRemaining()) {
      fill();
    }
    return longs.getLong();
  }

  @Override
  public long nextLong() {
    return next();
  }

  private void fill() {
    try {
      if (left < BUFFER) {
        cipher.init(
            Cipher.ENCRYPT_MODE,
            new SecretKeySpec(keys.get(), "AES"),
            new IvParameterSpec(new byte[BLOCK_BYTES]));
        left = MOST_BYTES;
      }
      cipher.update(zeros, 0, BUFFER, bytes);
      left -= BUFFER;
      longs.rewind();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES failed", e);
    }
  }
}
