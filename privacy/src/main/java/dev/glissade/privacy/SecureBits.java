package dev.glissade.privacy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bits that nobody can predict: AES-256 in counter mode, with a key from the system's secure
 * generator, which it replaces after 2^32 bytes.
 */
final class SecureBits implements RandomBits, RandomGenerator {
  private static final int BUFFER = 1 << 13;
  private static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;
  private static final long MOST_BYTES = 1L << 32;

  private final SecureRandom system = new SecureRandom();
  private final byte[] zeros = new byte[BUFFER];
  private final byte[] bytes = new byte[BUFFER];
  private final ByteBuffer longs = ByteBuffer.wrap(bytes);
  private final Cipher cipher;
  private long left;

  SecureBits() {
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime must have AES/CTR/NoPadding", e);
    }
    longs.position(BUFFER);
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
        byte[] key = new byte[KEY_BYTES];
        system.nextBytes(key);
        cipher.init(
            Cipher.ENCRYPT_MODE,
            new SecretKeySpec(key, "AES"),
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
