package dev.glissade.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * <p>It can store trees, scalars, keys, tensors, numbers, booleans, arrays of numbers, strings,
 * enums and nulls, and records, lists and maps of these. Every number is restored to the same bits.
 */
public final class Checkpoint {
  static final String PARAMS = "params";
  static final String STATE = "state";

  private final @Nullable Path file;
  private final Map<String, Form> forms;
  private final SortedMap<String, Content> contents;
  private final Facts facts;

  /**
   * What a checkpoint knows besides values.
   *
   * @param step the number of steps taken
   * @param optimizer the optimizer's JSON
   * @param version the library's version
   * @param metadata the user's notes
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

  /**
   * Returns a checkpoint of parameters alone, at step 0.
   *
   * @param params the parameters, whose arrays it shares
   * @return the checkpoint
   */
  public static Checkpoint of(Tree params) {
    Facts facts = new Facts(0, null, CheckpointWriter.LIBRARY, Map.of());
    return new Checkpoint(null, Map.of(), new TreeMap<>(), facts).encoded(PARAMS, params);
  }

  /**
   * Returns a checkpoint of parameters and an optimizer's state, at step 0.
   *
   * @param <S> the type of the state
   * @param params the parameters, whose arrays it shares
   * @param optimizer the optimizer, which the file describes as JSON
   * @param state the optimizer's state, whose arrays it shares
   * @return the checkpoint
   * @throws IllegalArgumentException if a part of the state can't be stored; the message names it
   */
  public static <S> Checkpoint of(Tree params, GradientTransformation<S> optimizer, S state) {
    Checkpoint checkpoint = of(params).encoded(STATE, state);
    Facts facts = new Facts(0, Optimizer.json(optimizer), CheckpointWriter.LIBRARY, Map.of());
    return new Checkpoint(null, checkpoint.forms, checkpoint.contents, facts);
  }

  /**
   * Returns a checkpoint of a stepper's parameters, state and number of steps.
   *
   * @param <S> the type of the state
   * @param stepper the stepper, whose arrays the checkpoint shares: save it before the next step
   * @return the checkpoint
   * @throws IllegalArgumentException if a part of the state can't be stored; the message names it
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

  /**
   * Returns this checkpoint at another step.
   *
   * @param step the number of steps taken, at least 0
   * @return the changed checkpoint
   */
  public Checkpoint step(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("step must not be negative, but was " + step);
    }
    return with(new Facts(step, facts.optimizer(), facts.version(), facts.metadata()));
  }

  /**
   * Returns this checkpoint with one more value, such as a run's progress.
   *
   * @param name letters, digits, '-' and '_'; the value's tensors are named "name/..."
   * @param value the value to store
   * @return the extended checkpoint
   * @throws IllegalArgumentException if the name is taken, or if a part of the value can't be
   *     stored; the message names it
   */
  public Checkpoint with(String name, Object value) {
    if (!name.matches("[A-Za-z0-9_-]+") || name.equals(FileHeader.METADATA)) {
      throw new IllegalArgumentException(
          "name must consist of letters, digits, '-' and '_', but was \"%s\"".formatted(name));
    }
    if (forms.containsKey(name) || name.equals(STATE)) {
      throw new IllegalArgumentException(
          "name must be new in the checkpoint, but was \"%s\"".formatted(name));
    }
    return encoded(name, value);
  }

  /**
   * Returns this checkpoint with one more note, for readers and other tools.
   *
   * @param name the note's name; names that begin with "glissade." are reserved
   * @param text the note
   * @return the extended checkpoint
   */
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
   * Writes this checkpoint to a file atomically: a crash leaves the old file or the new one. Uses
   * one block of 1 MiB; copies no array whole.
   *
   * @param path the file
   * @throws CheckpointException if the file can't be written or must not be replaced, as {@link
   *     AtomicFile} says; an old file then stays unchanged
   */
  public void save(Path path) throws CheckpointException {
    SafetensorsWriter.write(path, contents, CheckpointWriter.notes(forms, facts));
  }

  /**
   * Writes this checkpoint to a stream, with the bytes that {@link #save(Path)} gives a file. Uses
   * one block of 1 MiB, and reads the arrays twice: once for the checksum. The stream is flushed
   * and stays open.
   *
   * @param out the stream
   * @throws IOException if the stream fails
   */
  public void save(OutputStream out) throws IOException {
    SafetensorsWriter.write(out, contents, CheckpointWriter.notes(forms, facts));
  }

  /**
   * Reads a whole file and checks all of it, including the checksum.
   *
   * @param path the file
   * @return the checkpoint
   * @throws CheckpointException if the file can't be read, is damaged, is not a checkpoint, or has
   *     a newer version of the format
   */
  public static Checkpoint load(Path path) throws CheckpointException {
    return new CheckpointReader(path, Migrations.ALL).read();
  }

  /**
   * Reads a checkpoint from a stream and checks all of it, as {@link #load(Path)} does. It reads
   * exactly the given number of bytes, and allocates no more than these need, whatever they say.
   * The stream stays open.
   *
   * @param in the stream
   * @param length the number of bytes of the checkpoint, such as the length of the file
   * @return the checkpoint
   * @throws CheckpointException if the stream fails or ends early, or its bytes are damaged, are
   *     not a checkpoint, or have a newer version of the format
   */
  public static Checkpoint load(InputStream in, long length) throws CheckpointException {
    return new CheckpointReader(null, Migrations.ALL).read(in, length);
  }

  /** {@return the number of steps taken} */
  public long step() {
    return facts.step();
  }

  /** {@return the optimizer as the catalog's JSON; null if the checkpoint has none} */
  public @Nullable String optimizer() {
    return facts.optimizer();
  }

  /** {@return the version of the library that wrote this checkpoint} */
  public String version() {
    return facts.version();
  }

  /** {@return the notes that {@link #metadata(String, String)} added, by name} */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(facts.metadata());
  }

  /** {@return the names stored: "params", "state" and those of {@link #with(String, Object)}} */
  public Set<String> names() {
    return Collections.unmodifiableSet(forms.keySet());
  }

  /** {@return the parameters, on this checkpoint's arrays: copy them before changing them} */
  public Tree params() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Decoder.below(contents, PARAMS)
        .forEach((name, c) -> tensors.put(name.substring(PARAMS.length() + 1), c.tensor()));
    return Tree.of(tensors);
  }

  /**
   * Returns the optimizer's state. The optimizer must be the saved one, with the same
   * hyperparameters.
   *
   * @param <S> the type of the state
   * @param optimizer the optimizer
   * @return the state, on this checkpoint's arrays
   * @throws CheckpointException if the optimizer differs, or if a part of the state is missing,
   *     unexpected, or of another shape or type; the message names it
   */
  public <S> S state(GradientTransformation<S> optimizer) throws CheckpointException {
    requireState();
    List<String> differences = new ArrayList<>();
    try {
      String stored = facts.optimizer();
      differences.addAll(
          stored == null
              ? List.of("the file names no optimizer: use stateForOther")
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
   * Returns the state for an optimizer whose hyperparameters may differ, but whose state has the
   * same form.
   *
   * @param <S> the type of the state
   * @param optimizer the optimizer
   * @return the state, on this checkpoint's arrays
   * @throws CheckpointException if a part of the state is missing, unexpected, or of another shape
   *     or type; the message names it
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
      throw refused("the checkpoint must have a state, but had only " + forms.keySet());
    }
  }

  /**
   * Returns a stepper that continues from here, on copies of the parameters and {@link #state}. Its
   * {@link Stepper#steps} continues from {@link #step()}.
   *
   * @param <S> the type of the state
   * @param optimizer the optimizer that was saved
   * @return the stepper
   * @throws CheckpointException as {@link #state}
   */
  public <S> Stepper<S> stepper(GradientTransformation<S> optimizer) throws CheckpointException {
    return Stepper.resuming(optimizer, params().copy(), state(optimizer), step());
  }

  /**
   * Returns a stepper that continues from here in the arrays of the given parameters, which this
   * checkpoint's parameters overwrite.
   *
   * @param <S> the type of the state
   * @param optimizer the optimizer that was saved
   * @param params the parameters to overwrite and step
   * @return the stepper
   * @throws CheckpointException as {@link #state}, and if the parameters have other paths, shapes
   *     or types; they then stay unchanged
   */
  public <S> Stepper<S> stepper(GradientTransformation<S> optimizer, Tree params)
      throws CheckpointException {
    new Decoder(file, contents).requireSame(PARAMS, params().structure(), params.structure());
    Stepper<S> stepper = Stepper.resuming(optimizer, params, state(optimizer), step());
    params().copyTo(params);
    return stepper;
  }

  /**
   * Returns a value that {@link #with(String, Object)} stored.
   *
   * @param <T> the type of the value
   * @param name the value's name
   * @param template a value of the same form: its records' classes and its maps' keys must be the
   *     stored ones; where it has null, and beyond the end of its lists, the stored form decides
   * @return the value
   * @throws CheckpointException if the checkpoint has no value of this name, or one of another form
   */
  public <T> T get(String name, T template) throws CheckpointException {
    @SuppressWarnings("unchecked")
    T value = (T) decoded(name, template, Object.class);
    return value;
  }

  /**
   * Returns a record that {@link #with(String, Object)} stored.
   *
   * @param <T> the type of the record
   * @param name the record's name
   * @param type the record's class, whose components declare the form
   * @return the record
   * @throws CheckpointException if the checkpoint has no value of this name, or one of another form
   */
  public <T extends Record> T get(String name, Class<T> type) throws CheckpointException {
    return type.cast(decoded(name, null, type));
  }

  private Object decoded(String name, @Nullable Object template, Type type)
      throws CheckpointException {
    Form form = forms.get(name);
    if (form == null) {
      throw refused(
          "the checkpoint must have \"%s\", but had only %s".formatted(name, forms.keySet()));
    }
    return Objects.requireNonNull(new Decoder(file, contents).decode(name, form, template, type));
  }

  private CheckpointException refused(String sentence) {
    return CheckpointException.refused(file, sentence);
  }
}
