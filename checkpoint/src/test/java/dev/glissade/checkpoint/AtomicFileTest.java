package dev.glissade.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What may be replaced, and what of it is kept. */
class AtomicFileTest {
  @TempDir Path folder;

  private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void refused(Path file, String reason) throws IOException {
    List<String> before = names();
    assertThatThrownBy(() -> AtomicFile.check(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": can't be written: " + reason);
    assertThatThrownBy(() -> AtomicFile.write(file, NEW))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file + ": can't be written: " + reason);
    assertThat(names()).isEqualTo(before);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatIsNoOrdinaryFileIsRefused() throws Exception {
    Path old = Files.writeString(folder.resolve("old"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), old);
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none"));
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path socket = folder.resolve("socket");
    String noFile = "it is a device, a pipe or a socket, not an ordinary file";
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      refused(link, "it is a symbolic link; name the file that it leads to");
      refused(dangling, "it is a symbolic link; name the file that it leads to");
      refused(pipe, noFile);
      refused(socket, noFile);
      refused(folder, "it is a folder");
      refused(Path.of("/"), "it is a folder");
    }
    assertThatThrownBy(() -> AtomicFile.check(Path.of("/dev/null"))).hasMessageEndingWith(noFile);
    assertThat(old).hasContent("old");
    assertThat(link).isSymbolicLink();
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theModeIsKeptAndThatOfANewFileIsOrdinary() throws Exception {
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    for (String mode : List.of("rw-------", "rw-rw-rw-", "rw-r-----", "rwxr-xr-x", "-w--w----")) {
      Path file = Files.writeString(folder.resolve("file"), "old");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      AtomicFile.write(file, NEW);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo(mode);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      assertThat(file).hasContent("new");
      Files.delete(file);
    }
    Path file = folder.resolve("file");
    AtomicFile.write(file, NEW);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theOwnerAndTheGroupAreKept() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "old");
    try {
      Files.setAttribute(file, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(file, "unix:gid", 23456, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException | UnsupportedOperationException e) {
      assumeTrue(false, "only root may give files away");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
    AtomicFile.write(file, NEW);
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(12345);
    assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(23456);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-rw----");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aWriteProtectedFileOrFolderIsSaid() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    assumeTrue(!Files.isWritable(file), "root may write anywhere");
    refused(file, "it is write-protected");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      refused(folder.resolve("other"), "no permission in " + folder);
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** A file system takes names of 255 bytes. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theLongestNameCanBeWrittenAndALongerOneIsSaid() throws Exception {
    for (int length : new int[] {200, 205, 230, 254, 255}) {
      Path file = folder.resolve("ä".repeat(length / 2) + "x".repeat(length % 2));
      AtomicFile.check(file);
      assertThat(file).doesNotExist();
      AtomicFile.write(file, NEW);
      AtomicFile.check(file);
      AtomicFile.write(file, NEW);
      assertThat(file).hasContent("new");
    }
    refused(folder.resolve("x".repeat(256)), "File name too long");
    assertThat(names()).hasSize(5).noneMatch(name -> name.endsWith("glissade-tmp"));
  }

  @Test
  void aMissingFolderIsSaid() throws Exception {
    Path none = folder.resolve("none");
    refused(none.resolve("x"), "there is no folder " + none);
    Path file = Files.writeString(folder.resolve("file"), "old");
    refused(file.resolve("x"), file + " is not a folder");
    refused(file.resolve("a/x"), file + " is not a folder");
    refused(Path.of(""), "the name of the file must not be empty");
  }

  /** The file system of processes takes no files, and says only the name of the temporary one. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatTakesNoFilesIsSaid() throws Exception {
    Path file = Path.of("/proc/self/x");
    refused(file, "the file system allows no new files in /proc/self");
  }

  /** A link where a file beside would be leads nowhere. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void plantedLinksAndPipesAreNotOpened() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "precious");
    Path planted = folder.resolve(".model.1-2.glissade-tmp");
    Files.createSymbolicLink(planted, victim);
    Path pipe = folder.resolve(".pipe.glissade-tmp");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    AtomicFile.write(folder.resolve("model"), NEW);
    assertThat(victim).hasContent("precious");
    assertThat(planted).isSymbolicLink();
    assertThat(pipe).exists();
  }

  @Test
  void anInterruptInTheMidstOfWritingBreaksNothing() throws Exception {
    Path file = folder.resolve("file");
    AtomicBoolean first = new AtomicBoolean(true);
    AtomicFile.write(
        file,
        channel -> {
          AtomicFile.writeFully(channel, ByteBuffer.wrap(NEW));
          if (first.getAndSet(false)) {
            Thread.currentThread().interrupt();
          }
          AtomicFile.writeFully(channel, ByteBuffer.wrap(NEW));
        });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasContent("newnew");
    assertThat(names()).containsExactly("file");
  }

  @Test
  void aWriterThatThrowsLeavesTheOldFile() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                channel -> {
                  AtomicFile.writeFully(channel, ByteBuffer.wrap(NEW));
                  throw new IOException("No space left on device");
                }))
        .hasMessage(file + ": can't be written: No space left on device");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                channel -> {
                  throw new IllegalStateException("closed");
                }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("file");
  }
}
