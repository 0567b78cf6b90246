package dev.glissade.tensorflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;

/**
 * What a run has fetched, by the place of each output in a list. An output that is several times in
 * the list, such as a variable that is the gradient of another one, is fetched once.
 *
 * @param result the tensors
 * @param places where in the result each output is
 */
record Fetched(Result result, List<Integer> places) implements AutoCloseable {

  /** Runs a runner for outputs. */
  static Fetched by(Session.Runner runner, List<Output<?>> outputs) {
    Map<Output<?>, Integer> distinct = new LinkedHashMap<>();
    List<Integer> places = new ArrayList<>();
    for (Output<?> output : outputs) {
      Integer place = distinct.get(output);
      if (place == null) {
        place = distinct.size();
        distinct.put(output, place);
        runner.fetch(output);
      }
      places.add(place);
    }
    Result result = run(runner);
    if (result.size() != distinct.size()) {
      result.close();
      throw fetching();
    }
    return new Fetched(result, places);
  }

  private static Result run(Session.Runner runner) {
    try {
      return runner.run();
    } catch (IllegalArgumentException e) {
      if (String.valueOf(e.getMessage()).contains("Name collision")) {
        throw fetching();
      }
      throw e;
    }
  }

  private static IllegalArgumentException fetching() {
    return new IllegalArgumentException(
        "a batch must only feed and add targets, but also fetched: fetch in a run after the step");
  }

  Tensor get(int place) {
    return result.get(places.get(place));
  }

  /** Returns the tensors of some places. */
  List<Tensor> tensors(int from, int to) {
    return places.subList(from, to).stream().map(result::get).toList();
  }

  @Override
  public void close() {
    result.close();
  }
}
