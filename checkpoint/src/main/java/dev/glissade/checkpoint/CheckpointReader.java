package dev.glissade.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.glissade.checkpoint.json.Json;
import dev.glissade.records.Records;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a whole checkpoint, and checks that its notes and tensors match. */
final class CheckpointReader {
  private final @Nullable Path file;
  private final Migrations migrations;

  CheckpointReader(@Nullable Path file, Migrations migrations) {
    this.file = file;
    this.migrations = migrations;
  }

  Checkpoint read() throws CheckpointException {
    try (Safetensors safetensors = Safetensors.open(Objects.requireNonNull(file))) {
      return read(safetensors);
    }
  }

  Checkpoint read(InputStream in, long length) throws CheckpointException {
    return read(Safetensors.reading(in, length));
  }

  private Checkpoint read(Safetensors safetensors) throws CheckpointException {
    Map<String, String> metadata = new LinkedHashMap<>(safetensors.metadata());
    int version = version(metadata);
    if (!safetensors.hasChecksum()) {
      throw corrupt("the checkpoint must have a checksum, but had none");
    }
    SortedMap<String, Content> contents = safetensors.contents();
    migrations.run(version, metadata, contents);
    Map<String, Form> forms = forms(text(metadata, CheckpointWriter.FORMS));
    requireTogether(forms, contents);
    Map<String, String> notes = new LinkedHashMap<>(metadata);
    notes.keySet().removeIf(name -> name.startsWith("glissade."));
    return new Checkpoint(
        file,
        forms,
        contents,
        new Checkpoint.Facts(
            number(CheckpointWriter.STEP, text(metadata, CheckpointWriter.STEP)),
            metadata.get(CheckpointWriter.OPTIMIZER),
            text(metadata, CheckpointWriter.VERSION),
            notes));
  }

  private int version(Map<String, String> metadata) throws CheckpointException {
    if (!metadata.containsKey(CheckpointWriter.FORMAT)) {
      throw CheckpointException.refused(
          file, "must be a checkpoint, but had no note \"%s\"".formatted(CheckpointWriter.FORMAT));
    }
    long version = number(CheckpointWriter.FORMAT, text(metadata, CheckpointWriter.FORMAT));
    if (version > migrations.current()) {
      throw CheckpointException.refused(
          file,
          "the checkpoint's version must be at most %d, but was %d: use a newer library"
              .formatted(migrations.current(), version));
    }
    if (version < 1) {
      throw corrupt("the checkpoint's version must be at least 1, but was " + version);
    }
    return (int) version;
  }

  private String text(Map<String, String> metadata, String name) throws CheckpointException {
    String text = metadata.get(name);
    if (text == null) {
      throw corrupt("the checkpoint must have a note \"%s\", but had none".formatted(name));
    }
    return text;
  }

  private long number(String name, String text) throws CheckpointException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw corrupt("%s must be an integer, but was %s".formatted(name, HeaderReader.shown(text)));
    }
  }

  private Map<String, Form> forms(String json) throws CheckpointException {
    try {
      Object plain = Json.STRICT.parse(json);
      if (plain instanceof Map<?, ?> map && map.get(Checkpoint.PARAMS) != null) {
        return Records.children(plain, (name, form) -> Form.of(form));
      }
    } catch (JsonProcessingException e) {
      throw CheckpointException.notJson(file, CheckpointWriter.FORMS, e);
    } catch (IllegalArgumentException e) {
      throw corrupt(
          CheckpointWriter.FORMS + ": " + HeaderReader.shown(String.valueOf(e.getMessage())));
    }
    throw corrupt(CheckpointWriter.FORMS + " must be an object with params");
  }

  /** Requires that each leaf has its tensors, and that each tensor has its leaf. */
  private void requireTogether(Map<String, Form> forms, SortedMap<String, Content> contents)
      throws CheckpointException {
    if (!new Form.Leaf(LeafKind.TREE).equals(forms.get(Checkpoint.PARAMS))) {
      throw corrupt("params must be a tree");
    }
    Set<String> unused = new TreeSet<>(contents.keySet());
    for (Map.Entry<String, Form> section : forms.entrySet()) {
      claim(section.getKey(), section.getValue(), contents, unused);
    }
    if (!unused.isEmpty()) {
      throw corrupt(
          "each tensor must be named in %s, but \"%s\" was not"
              .formatted(CheckpointWriter.FORMS, HeaderReader.shown(unused.iterator().next())));
    }
  }

  private void claim(
      String path, Form form, SortedMap<String, Content> contents, Set<String> unused)
      throws CheckpointException {
    if (form instanceof Form.OfContainer container) {
      for (Map.Entry<String, Form> child : container.children().entrySet()) {
        claim(Form.join(path, child.getKey()), child.getValue(), contents, unused);
      }
    } else if (form instanceof Form.Leaf leaf && leaf.kind() == LeafKind.TREE) {
      claimTree(path, contents, unused);
    } else if (form instanceof Form.Leaf leaf && leaf.kind() != LeafKind.NULL) {
      Content content = contents.get(path);
      if (content == null || !leaf.kind().fits(content)) {
        throw corrupt(
            "tensor \"%s\" must be %s, but was %s"
                .formatted(
                    HeaderReader.shown(path),
                    leaf.kind().label(),
                    content == null
                        ? "missing"
                        : content.type() + HeaderReader.shown(content.shape())));
      }
      unused.remove(path);
    }
  }

  private void claimTree(String path, SortedMap<String, Content> contents, Set<String> unused)
      throws CheckpointException {
    for (Map.Entry<String, Content> entry : Decoder.below(contents, path).entrySet()) {
      boolean leaf = entry.getKey().length() > path.length() + 1;
      if (!leaf || entry.getValue().type().dtype() == null) {
        throw corrupt(
            "tensor \"%s\" must be a leaf of a tree, with a path and a floating-point type, but was"
                    .formatted(HeaderReader.shown(entry.getKey()))
                + " "
                + entry.getValue().type());
      }
      unused.remove(entry.getKey());
    }
  }

  private CheckpointException corrupt(String sentence) {
    return CheckpointException.corrupt(file, sentence);
  }
}
