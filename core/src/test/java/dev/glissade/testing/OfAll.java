package dev.glissade.testing;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Catalog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.provider.Arguments;

/** What holds of every optimizer of a module's list: each module gives its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OfAll {
  private final Map<String, Map<String, Object>> list;

  protected OfAll(Map<String, Map<String, Object>> list) {
    this.list = list;
  }

  /**
   * The names of all lines; of every n-th line where the tests run once more, with vectors, unless
   * the slow ones run, too.
   */
  protected Set<String> all() {
    int share = Integer.getInteger("contract.share", 1);
    List<String> names = List.copyOf(list.keySet());
    Set<String> chosen = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i += share) {
      chosen.add(names.get(i));
    }
    return chosen;
  }

  /**
   * The names of all lines, with each type of numbers; unless the slow tests run, with float32 and
   * one of the others in turn.
   */
  protected Stream<Arguments> allTypes() {
    return withTypes(all());
  }

  /** Some names with float32 and one other type of numbers in turn, or with each type. */
  public static Stream<Arguments> withTypes(Collection<String> names) {
    List<DType> others = List.of(DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16);
    boolean each = Boolean.getBoolean("contract.types");
    List<Arguments> all = new ArrayList<>();
    for (String name : names) {
      int turn = all.size() / 2 % others.size();
      all.add(Arguments.of(name, DType.FLOAT32));
      for (DType type : each ? others : List.of(others.get(turn))) {
        all.add(Arguments.of(name, type));
      }
    }
    return all.stream();
  }

  /** The names of those that draw no noise. */
  protected Stream<String> elementwise() {
    return all().stream()
        .filter(name -> !name.startsWith("differentially") && !name.startsWith("dpsgd"))
        .filter(name -> !name.contains("noise") && !name.contains("noisy"))
        .filter(name -> !name.contains("hutchinson"));
  }

  /** One in four of those, in the slow profile all: steps by three threads on large trees. */
  protected Stream<String> someElementwise() {
    List<String> names = elementwise().toList();
    int each = Boolean.getBoolean("contract.types") ? 1 : 4;
    return IntStream.range(0, names.size()).filter(i -> i % each == 0).mapToObj(names::get);
  }

  /** The names of those that call no function of the user's, which may allocate. */
  protected Stream<String> withoutFunctions() {
    return all().stream()
        .filter(name ->
            !name.matches("(sophia|hutchinson|lbfgs$|(scale_by_)?lbfgsb|.*(backtracking|zoom)).*"));
  }

  /** Returns the optimizer of a line, with the extra arguments that it asks for. */
  protected GradientTransformation<?> optimizer(String name) {
    return Given.to(plain(name));
  }

  /** Returns the optimizer of a line as it is. */
  protected GradientTransformation<?> plain(String name) {
    return Catalog.standard().optimizer(list.get(name));
  }
}
