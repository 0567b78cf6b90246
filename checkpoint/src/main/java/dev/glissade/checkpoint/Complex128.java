package dev.glissade.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.glissade.checkpoint.json.Json;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The note that names the F64 tensors that hold complex128 numbers. */
final class Complex128 {
  static final String NOTE = "glissade.complex128";

  private Complex128() {}

  /** Reads the names in a file's note; returns an empty set if the file has no such note. */
  static Set<String> names(FileHeader header, Map<String, TensorInfo> byName, @Nullable Path file)
      throws CheckpointException {
    String text = header.metadata().get(NOTE);
    if (text == null) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (Object name : list(text, file)) {
      TensorInfo info = byName.get(String.valueOf(name));
      if (info == null || !isPairs(info)) {
        throw CheckpointException.corrupt(
            file,
            "%s: \"%s\" must be an F64 tensor with a last axis of 2, but was not"
                .formatted(NOTE, HeaderReader.shown(String.valueOf(name))));
      }
      names.add(info.name());
    }
    return names;
  }

  private static boolean isPairs(TensorInfo info) {
    List<Long> shape = info.shape();
    return info.type() == StoredType.F64 && !shape.isEmpty() && shape.get(shape.size() - 1) == 2;
  }

  private static List<?> list(String text, @Nullable Path file) throws CheckpointException {
    try {
      if (Json.STRICT.parse(text) instanceof List<?> list) {
        return list;
      }
    } catch (JsonProcessingException e) {
      throw CheckpointException.notJson(file, NOTE, e);
    }
    throw CheckpointException.corrupt(
        file, NOTE + " must be a list of names, but was " + HeaderReader.shown(text));
  }
}
