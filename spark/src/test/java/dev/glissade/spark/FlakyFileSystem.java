package dev.glissade.spark;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.SparkConf;

/** The local files under another scheme, which fail as often as a test wants. */
public final class FlakyFileSystem extends RawLocalFileSystem {
  /** How many of the next files can't be created. */
  static final AtomicInteger CREATIONS = new AtomicInteger();

  /** How many of the next folders can't be listed. */
  static final AtomicInteger LISTINGS = new AtomicInteger();

  static SparkConf register(SparkConf conf) {
    return conf.set("spark.hadoop.fs.flaky.impl", FlakyFileSystem.class.getName());
  }

  static String uri(java.nio.file.Path folder) {
    return "flaky://" + folder.toUri().getPath();
  }

  @Override
  public String getScheme() {
    return "flaky";
  }

  @Override
  public URI getUri() {
    return URI.create("flaky:///");
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int buffer,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    fail(CREATIONS, "the disk is full");
    return super.create(file, overwrite, buffer, replication, blockSize, progress);
  }

  @Override
  public FileStatus[] listStatus(Path file) throws IOException {
    fail(LISTINGS, "the folder can't be listed");
    return super.listStatus(file);
  }

  private static void fail(AtomicInteger times, String sentence) throws IOException {
    if (times.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IOException(sentence);
    }
  }
}
