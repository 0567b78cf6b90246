package dev.glissade.checkpoint;

import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.ContainerType;
import dev.glissade.records.ContainerType.Kind;
import dev.glissade.records.ContainerType.OfList;
import dev.glissade.records.ContainerType.OfMap;
import dev.glissade.records.RebuiltList;
import dev.glissade.records.RecordType;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reassembles stored values in the form of a template. A record's class is always the template's or
 * the declared one, never one that only the file names. Where the template has null, and beyond the
 * end of its lists, the file decides.
 */
final class Decoder {
  private final @Nullable Path file;
  private final SortedMap<String, Content> contents;

  Decoder(@Nullable Path file, SortedMap<String, Content> contents) {
    this.file = file;
    this.contents = contents;
  }

  /** Returns a stored value in the form of the template, which is of the declared type. */
  @Nullable Object decode(String path, Form form, @Nullable Object template, Type declared)
      throws CheckpointException {
    Object value = decodeAny(path, form, template, declared);
    Class<?> type = MethodType.methodType(RecordType.raw(declared)).wrap().returnType();
    if (value == null ? RecordType.raw(declared).isPrimitive() : !type.isInstance(value)) {
      throw refused(
          "%s must be a %s, but was %s".formatted(path, type.getSimpleName(), form.described()));
    }
    return value;
  }

  private @Nullable Object decodeAny(
      String path, Form form, @Nullable Object template, Type declared) throws CheckpointException {
    if (form instanceof Form.OfContainer container) {
      return container(path, container, template, declared);
    }
    if (form instanceof Form.OfText text && (template == null || template instanceof String)) {
      return text.text();
    }
    if (form instanceof Form.OfEnum constant) {
      return constant(path, constant, template, declared);
    }
    if (form instanceof Form.Leaf leaf) {
      LeafKind wanted = LeafKind.of(template);
      if (template == null || wanted == leaf.kind()) {
        return leaf(path, leaf.kind(), template);
      }
    }
    throw mismatch(path, form, template);
  }

  private CheckpointException mismatch(String path, Form form, @Nullable Object template) {
    if (template == null) {
      return refused(
          "%s must be of the declared type, but was %s".formatted(path, form.described()));
    }
    return refused(
        "%s must be %s, but was %s".formatted(path, describedType(template), form.described()));
  }

  private static String describedType(Object template) {
    LeafKind kind = LeafKind.of(template);
    if (kind != null) {
      return kind.label();
    }
    if (template instanceof Enum<?> constant) {
      return constant.getDeclaringClass().getName();
    }
    ContainerType type = ContainerType.of(template);
    return type == null || type.kind() == Kind.RECORD
        ? template.getClass().getName()
        : "a " + type.kind();
  }

  private Object container(
      String path, Form.OfContainer form, @Nullable Object template, Type declared)
      throws CheckpointException {
    ContainerType type = type(path, form, template, declared);
    requireNames(path, form.children().keySet(), type);
    ContainerType known = ContainerType.of(template);
    @Nullable Object[] children = new Object[type.size()];
    for (int i = 0; i < children.length; i++) {
      String name = type.name(i);
      children[i] =
          decode(
              Form.join(path, name),
              Objects.requireNonNull(form.children().get(name)),
              template != null && known != null && i < known.size() ? known.get(template, i) : null,
              type instanceof RecordType record
                  ? record.declaredType(i)
                  : RecordType.argument(declared, form.kind() == Kind.LIST ? 0 : 1));
    }
    return make(path, type, children);
  }

  /** Returns the type to make; a template gives its class, its keys or its least length. */
  private ContainerType type(
      String path, Form.OfContainer form, @Nullable Object template, Type declared)
      throws CheckpointException {
    Class<?> expected = template == null ? RecordType.raw(declared) : template.getClass();
    if (form.kind() == Kind.RECORD) {
      if (!expected.getName().equals(form.type()) || !expected.isRecord()) {
        throw mismatch(path, form, template);
      }
      return RecordType.of(expected.asSubclass(Record.class));
    }
    ContainerType known = ContainerType.of(template);
    if (template != null && (known == null || known.kind() != form.kind())) {
      throw mismatch(path, form, template);
    }
    int stored = form.children().size();
    if (form.kind() == Kind.MAP) {
      return known == null ? new OfMap(List.copyOf(form.children().keySet())) : known;
    }
    if (known != null && stored < known.size()) {
      throw refused(
          "%s must have at least %d elements, but had %d".formatted(path, known.size(), stored));
    }
    return new OfList(stored, template instanceof RebuiltList<?> own ? own : null);
  }

  private Object make(String path, ContainerType type, @Nullable Object[] parts)
      throws CheckpointException {
    try {
      return type.make(parts);
    } catch (RuntimeException e) {
      throw refused("%s is not valid: %s".formatted(path, e.getMessage()));
    }
  }

  private void requireNames(String path, Set<String> stored, ContainerType type)
      throws CheckpointException {
    Set<String> wanted = new LinkedHashSet<>();
    for (int i = 0; i < type.size(); i++) {
      wanted.add(type.name(i));
    }
    for (String name : wanted) {
      if (!stored.contains(name)) {
        throw refused("%s must be in the file, but was not".formatted(Form.join(path, name)));
      }
    }
    for (String name : stored) {
      if (!wanted.contains(name)) {
        throw refused("%s must not be in the file, but was".formatted(Form.join(path, name)));
      }
    }
  }

  private Object constant(String path, Form.OfEnum form, @Nullable Object template, Type declared)
      throws CheckpointException {
    Class<?> expected =
        template instanceof Enum<?> constant
            ? constant.getDeclaringClass()
            : RecordType.raw(declared);
    boolean fits = template == null || template instanceof Enum<?>;
    if (fits && expected.isEnum() && expected.getName().equals(form.type())) {
      for (Object constant : expected.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(form.constant())) {
          return constant;
        }
      }
    }
    throw mismatch(path, form, template);
  }

  private @Nullable Object leaf(String path, LeafKind kind, @Nullable Object template)
      throws CheckpointException {
    if (kind == LeafKind.NULL) {
      return null;
    }
    if (kind == LeafKind.TREE) {
      Tree tree = tree(path);
      if (template instanceof Tree wanted) {
        requireSame(path, tree.structure(), wanted.structure());
      }
      return tree;
    }
    Content content = contents.get(path);
    if (content == null || !kind.fits(content)) {
      throw CheckpointException.corrupt(
          file, "%s must have a tensor that is %s, but had none".formatted(path, kind.label()));
    }
    return kind.value(content);
  }

  private Tree tree(String path) throws CheckpointException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Content> entry : below(contents, path).entrySet()) {
      String leaf = entry.getKey().substring(path.length() + 1);
      if (leaf.isEmpty() || entry.getValue().type().dtype() == null) {
        throw CheckpointException.corrupt(
            file,
            "%s must be a leaf of a tree, but was %s"
                .formatted(entry.getKey(), entry.getValue().type()));
      }
      tensors.put(leaf, entry.getValue().tensor());
    }
    return Tree.of(tensors);
  }

  /** Returns the contents whose names begin with a path and a '/'. */
  static SortedMap<String, Content> below(SortedMap<String, Content> contents, String path) {
    return contents.subMap(path + "/", path + (char) ('/' + 1));
  }

  /** Refuses another structure, naming the first leaf that differs and how. */
  void requireSame(String path, Structure stored, Structure wanted) throws CheckpointException {
    for (String leaf : wanted.paths()) {
      String name = "%s[\"%s\"]".formatted(path, leaf);
      if (!stored.hasPath(leaf)) {
        throw refused("%s must be in the file, but was not".formatted(name));
      }
      Structure.Leaf have = stored.leaf(leaf);
      Structure.Leaf want = wanted.leaf(leaf);
      if (!have.shape().equals(want.shape())) {
        throw refused(
            "%s must have shape %s, but had %s".formatted(name, want.shape(), have.shape()));
      }
      if (have.dtype() != want.dtype()) {
        throw refused("%s must be %s, but was %s".formatted(name, want.dtype(), have.dtype()));
      }
    }
    for (String leaf : stored.paths()) {
      if (!wanted.hasPath(leaf)) {
        throw refused("%s[\"%s\"] must not be in the file, but was".formatted(path, leaf));
      }
    }
  }

  private CheckpointException refused(String sentence) {
    return CheckpointException.refused(file, sentence);
  }
}
