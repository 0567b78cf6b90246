package dev.glissade.checkpoint;

import dev.glissade.checkpoint.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes safetensors files, with wide numbers first, so that each is at a multiple of its size. */
final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /** A header, and the contents in its order. */
  private record Ordered(FileHeader header, List<Content> contents) {}

  static void write(Path path, Map<String, Content> contents, Map<String, String> metadata)
      throws CheckpointException {
    Ordered ordered = ordered(contents, metadata);
    AtomicFile.write(path, file -> BlockWriter.write(file, ordered.header(), ordered.contents()));
  }

  static void write(OutputStream out, Map<String, Content> contents, Map<String, String> metadata)
      throws IOException {
    Ordered ordered = ordered(contents, metadata);
    BlockWriter.write(out, ordered.header(), ordered.contents());
  }

  private static Ordered ordered(Map<String, Content> contents, Map<String, String> metadata) {
    List<Map.Entry<String, Content>> inOrder = new ArrayList<>(contents.entrySet());
    inOrder.sort(
        Comparator.comparingInt((Map.Entry<String, Content> e) -> -e.getValue().type().bits())
            .thenComparing(Map.Entry::getKey));
    List<TensorInfo> infos = new ArrayList<>();
    List<String> wide = new ArrayList<>();
    long begin = 0;
    for (Map.Entry<String, Content> entry : inOrder) {
      Content content = entry.getValue();
      long end = begin + content.bytes();
      infos.add(new TensorInfo(entry.getKey(), content.type(), content.shape(), begin, end));
      begin = end;
      if (content.isComplex128()) {
        wide.add(entry.getKey());
      }
    }
    FileHeader header = FileHeader.of(infos, complete(metadata, wide));
    return new Ordered(header, inOrder.stream().map(Map.Entry::getValue).toList());
  }

  private static Map<String, String> complete(Map<String, String> metadata, List<String> wide) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(FileHeader.CHECKSUM, "0".repeat(64));
    if (!wide.isEmpty()) {
      all.put(Complex128.NOTE, Json.STRICT.write(wide));
    }
    all.putAll(metadata);
    return all;
  }
}
