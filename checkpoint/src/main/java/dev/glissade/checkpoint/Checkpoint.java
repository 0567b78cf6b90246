package dev.glissade.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The contents of one file: parameters, an optimizer's state, the step, and anything else a run
 * needs to continue. Immutable, but it shares the arrays that it was made from: save a checkpoint
 * of a live {@link Stepper} before the next step.
 *
 * <p>A value is stored if it is made of trees, scalars, keys, tensors, numbers, booleans, arrays of
 * numbers, texts, enums and nulls, in records, lists and maps. Every number comes back as the same
 * bits.
 */
public final class Checkpoint {
  static final String PARAMS = "params";
  static final String STATE = "state";

  private final @Nullable Path file;
  private final Map<String, Form> forms;
  private final SortedMap<String, Content> contents;
  private final Facts facts;

  /**
   * What is known apart from values.
   *
   * @param optimizer its JSON
   * @param version the library's
   */
  record Facts(
      long step, @Nullable String optimizer, String version, Map<String, String> metadata) {}

  Checkpoint(
      @Nullable Path file,
      Map<String, Form> forms,
      SortedMap<String, Content> contents,
      Facts facts) {
    this.file = file;
    this.forms = forms;
    this.contents = contents;
    this.facts = facts;
  }

  /** A checkpoint of parameters alone, at step 0. */
  public static Checkpoint of(Tree params) {
    Facts facts = new Facts(0, null, CheckpointWriter.LIBRARY, Map.of());
    return new Checkpoint(null, Map.of(), new TreeMap<>(), facts).encoded(PARAMS, params);
  }

  /**
   * A checkpoint of parameters and the state of the optimizer, at step 0.
   *
   * @throws IllegalArgumentException if a part of the state can't be stored, naming it
   */
  public static <S> Checkpoint of(Tree params, GradientTransformation<S> optimizer, S state) {
    Checkpoint checkpoint = of(params).encoded(STATE, state);
    Facts facts = new Facts(0, Optimizer.json(optimizer), CheckpointWriter.LIBRARY, Map.of());
    return new Checkpoint(null, checkpoint.forms, checkpoint.contents, facts);
  }

  /**
   * Returns a checkpoint of a stepper's parameters, state and number of steps, without copying
   * them.
   *
   * @throws IllegalArgumentException if a part of the state can't be stored, naming it
   */
  public static <S> Checkpoint of(Stepper<S> stepper) {
    return of(stepper.params(), stepper.transformation(), stepper.liveState())
        .step(stepper.steps());
  }

  private Checkpoint encoded(String name, @Nullable Object value) {
    SortedMap<String, Content> more = new TreeMap<>(contents);
    Map<String, Form> all = new LinkedHashMap<>(forms);
    all.put(name, new Encoder(more).encode(name, value));
    return new Checkpoint(file, all, more, facts);
  }

  /** Returns this checkpoint at another step, the number of steps taken. */
  public Checkpoint step(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("step must not be negative, but was " + step);
    }
    return with(new Facts(step, facts.optimizer(), facts.version(), facts.metadata()));
  }

  /**
   * This with one more value, such as a run's progress.
   *
   * @param name of letters, digits, '-' and '_'; its tensors are named "name/..."
   * @throws IllegalArgumentException if a part of the value can't be stored, naming it
   */
  public Checkpoint with(String name, Object value) {
    if (!name.matches("[A-Za-z0-9_-]+") || name.equals(FileHeader.METADATA)) {
      throw new IllegalArgumentException(
          "a name must be of letters, digits, '-' and '_': \"%s\"".formatted(name));
    }
    if (forms.containsKey(name) || name.equals(STATE)) {
      throw new IllegalArgumentException("the name \"%s\" is taken".formatted(name));
    }
    return encoded(name, value);
  }

  /** This with one more note, a text for people and other tools. */
  public Checkpoint metadata(String name, String text) {
    Safetensors.requireFree(name);
    Map<String, String> more = new LinkedHashMap<>(facts.metadata());
    more.put(name, text);
    return with(new Facts(facts.step(), facts.optimizer(), facts.version(), more));
  }

  private Checkpoint with(Facts other) {
    return new Checkpoint(file, forms, contents, other);
  }

  /**
   * Writes this to a file, which is replaced as a whole: a crash leaves the old file or the new
   * one. Numbers go to the file through a block of 1 MiB; nothing is copied whole.
   *
   * @throws CheckpointException if the file can't be written, or must not be replaced, as {@link
   *     AtomicFile} says; an older file then stays unchanged
   */
  public void save(Path path) throws CheckpointException {
    CheckpointWriter.write(path, forms, contents, facts);
  }

  /**
   * Reads a whole file and checks all of it, including the checksum.
   *
   * @throws CheckpointException if it can't be read, is damaged, is not a checkpoint, or has a
   *     newer version of the format
   */
  public static Checkpoint load(Path path) throws CheckpointException {
    return new CheckpointReader(path, Migrations.ALL).read();
  }

  /** How many steps were taken. */
  public long step() {
    return facts.step();
  }

  /** The optimizer as JSON, as the catalog writes it; null if there is none. */
  public @Nullable String optimizer() {
    return facts.optimizer();
  }

  /** The version of the library that wrote this. */
  public String version() {
    return facts.version();
  }

  /** The notes of {@link #metadata(String, String)}. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(facts.metadata());
  }

  /** What is stored: "params", "state" and the names of {@link #with(String, Object)}. */
  public Set<String> names() {
    return Collections.unmodifiableSet(forms.keySet());
  }

  /** The parameters, on this checkpoint's arrays: copy them to change them. */
  public Tree params() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Decoder.below(contents, PARAMS)
        .forEach((name, c) -> tensors.put(name.substring(PARAMS.length() + 1), c.tensor()));
    return Tree.of(tensors);
  }

  /**
   * Returns the state of an optimizer, which must be the optimizer that was saved, with the same
   * hyperparameters.
   *
   * @throws CheckpointException if the optimizer differs, naming how; if a part of the state is
   *     missing, is not expected, or has another shape or type, naming it
   */
  public <S> S state(GradientTransformation<S> optimizer) throws CheckpointException {
    requireState();
    List<String> differences = new ArrayList<>();
    try {
      String stored = facts.optimizer();
      differences.addAll(
          stored == null
              ? List.of("it is not named in the file")
              : Optimizer.differences(stored, Optimizer.json(optimizer)));
    } catch (JsonProcessingException e) {
      throw CheckpointException.notJson(file, CheckpointWriter.OPTIMIZER, e);
    }
    if (!differences.isEmpty()) {
      throw refused("the optimizer differs: " + String.join("; ", differences));
    }
    return stateForOther(optimizer);
  }

  /**
   * The state for an optimizer whose hyperparameters may differ, but whose state has the same form.
   *
   * @throws CheckpointException if a part of the state is missing, is not expected, or has another
   *     shape or type, naming it
   */
  public <S> S stateForOther(GradientTransformation<S> optimizer) throws CheckpointException {
    requireState();
    S template = optimizer.initialState(params());
    @SuppressWarnings("unchecked")
    S state = (S) decoded(STATE, template, Object.class);
    return state;
  }

  private void requireState() throws CheckpointException {
    if (!forms.containsKey(STATE)) {
      throw refused("there is no state, only " + forms.keySet());
    }
  }

  /**
   * Returns a stepper that continues from here, on copies of the parameters and of {@link #state};
   * its {@link Stepper#steps} count on from {@link #step()}.
   */
  public <S> Stepper<S> stepper(GradientTransformation<S> optimizer) throws CheckpointException {
    return Stepper.resuming(optimizer, params().copy(), state(optimizer), step());
  }

  /**
   * Returns a stepper that continues from here in the arrays of the given parameters. The
   * parameters of this checkpoint overwrite them; if anything does not fit, they stay unchanged.
   *
   * @throws CheckpointException as {@link #state}, and if the parameters have other paths, shapes
   *     or types
   */
  public <S> Stepper<S> stepper(GradientTransformation<S> optimizer, Tree params)
      throws CheckpointException {
    new Decoder(file, contents).requireSame(PARAMS, params().structure(), params.structure());
    Stepper<S> stepper = Stepper.resuming(optimizer, params, state(optimizer), step());
    params().copyTo(params);
    return stepper;
  }

  /**
   * A value that {@link #with(String, Object)} stored.
   *
   * @param template a value of the same form: its records' classes and its maps' keys must be the
   *     stored ones. Where it has null, and after the end of its lists, values are as stored.
   * @throws CheckpointException if there is no value of the name, or one of another form
   */
  public <T> T get(String name, T template) throws CheckpointException {
    @SuppressWarnings("unchecked")
    T value = (T) decoded(name, template, Object.class);
    return value;
  }

  /** A record that {@link #with(String, Object)} stored, of the form that its class declares. */
  public <T extends Record> T get(String name, Class<T> type) throws CheckpointException {
    return type.cast(decoded(name, null, type));
  }

  private Object decoded(String name, @Nullable Object template, Type type)
      throws CheckpointException {
    Form form = forms.get(name);
    if (form == null) {
      throw refused("there is no \"%s\", only %s".formatted(name, forms.keySet()));
    }
    return Objects.requireNonNull(new Decoder(file, contents).decode(name, form, template, type));
  }

  private CheckpointException refused(String sentence) {
    return CheckpointException.refused(file, sentence);
  }
}
