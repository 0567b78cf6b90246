package dev.glissade.checkpoint;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place of a file to write. If a file exists there, the new one gets its owner, group and
 * permissions, where the file system has them and allows it.
 *
 * @param path the absolute path
 * @param folder the folder of the path
 * @param before the existing file's attributes; null if no file exists, or if the file system has
 *     no permissions
 */
record ReplaceableFile(Path path, Path folder, @Nullable PosixFileAttributes before) {
  private static final Set<PosixFilePermission> SECRET =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<?>[] ORDINARY = {};

  /**
   * Looks up what exists at a path, without following links.
   *
   * @throws IOException if the lookup fails, or if what exists there must not be replaced
   */
  static ReplaceableFile of(Path file) throws IOException {
    if (file.toString().isEmpty()) {
      throw refused(file, "the name of the file must not be empty");
    }
    Path path = file.toAbsolutePath();
    Path folder = path.getParent();
    if (folder == null) {
      throw refused(file, "it is a folder");
    }
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      requireFile(path, found);
    } catch (NoSuchFileException e) {
      return new ReplaceableFile(path, folder, null);
    }
    PosixFileAttributeView view = view(path);
    return new ReplaceableFile(path, folder, view == null ? null : view.readAttributes());
  }

  private static void requireFile(Path path, BasicFileAttributes found) throws IOException {
    if (found.isDirectory()) {
      throw refused(path, "it is a folder");
    }
    if (found.isSymbolicLink()) {
      throw refused(path, "it is a symbolic link; name the file that it leads to");
    }
    if (!found.isRegularFile()) {
      throw refused(path, "it is a device, a pipe or a socket, not an ordinary file");
    }
    if (!Files.isWritable(path)) {
      throw refused(path, "it is write-protected");
    }
  }

  private static FileSystemException refused(Path path, String reason) {
    return new FileSystemException(path.toString(), null, reason);
  }

  private static @Nullable PosixFileAttributeView view(Path path) {
    return Files.getFileAttributeView(
        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Returns the attributes to create a temporary file with: only its owner may read it until it
   * gets the permissions of the old file.
   */
  FileAttribute<?>[] creation() {
    return before == null
        ? ORDINARY
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(SECRET)};
  }

  /**
   * Gives the temporary file the old file's owner, group and permissions. Call this before locking
   * the file, because this opens and closes it, which would release a lock.
   */
  void keepRights(Path temporary) throws IOException {
    PosixFileAttributeView view = view(temporary);
    if (before == null || view == null) {
      return;
    }
    PosixFileAttributes made = view.readAttributes();
    if (!made.owner().equals(before.owner())) {
      attempt(() -> view.setOwner(before.owner()));
    }
    Set<PosixFilePermission> rights = EnumSet.noneOf(PosixFilePermission.class);
    rights.addAll(before.permissions());
    boolean grouped =
        made.group().equals(before.group()) || attempt(() -> view.setGroup(before.group()));
    if (!grouped) {
      // The group of the new file gets only the rights that everybody has.
      retain(rights, PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
      retain(rights, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
      retain(rights, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
    }
    attempt(() -> view.setPermissions(rights));
  }

  private static void retain(
      Set<PosixFilePermission> rights, PosixFilePermission group, PosixFilePermission others) {
    if (!rights.contains(others)) {
      rights.remove(group);
    }
  }

  /** A change of permissions, which the system may refuse. */
  private interface Change {
    void make() throws IOException;
  }

  /** Returns whether the system made the change; if not, the file has fewer rights. */
  private static boolean attempt(Change change) {
    try {
      change.make();
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
