package dev.glissade.contrib;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.PlainForm;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The coefficients (p, q, r) of Newton-Schulz iterations, {@code X <- p X + q A X + r A A X} with
 * {@code A = X X'}: one triple for all iterations, or one for each.
 *
 * <p>In JSON: three numbers, a list of triples, or one of the names {@code "standard"} and {@code
 * "dion"}.
 *
 * @param triples a list of triples, at least one
 */
@Withers
public record NsCoeffs(List<List<Double>> triples) implements PlainForm, NsCoeffsWithers {
  /** Muon's own, (3.4445, -4.775, 2.0315) in each iteration: singular values end in 0.7 to 1.2. */
  public static final NsCoeffs STANDARD = of(3.4445, -4.7750, 2.0315);

  /**
   * Those of Dion (Ahn et al., "Dion: Distributed Orthonormalized Updates", 2025, arXiv
   * 2504.05295), for five iterations: singular values end closer to 1.
   */
  public static final NsCoeffs DION =
      of(
          new double[] {4.0848, -6.8946, 2.9270},
          new double[] {3.9505, -6.3029, 2.6377},
          new double[] {3.7418, -5.5913, 2.3037},
          new double[] {2.8769, -3.1427, 1.2046},
          new double[] {2.8366, -3.0525, 1.2012});

  private static final Map<String, NsCoeffs> NAMED =
      new TreeMap<>(Map.of("standard", STANDARD, "dion", DION));

  private static final String PATH = "ns_coeffs";

  /**
   * Copies the lists and checks them.
   *
   * @param triples at least one list of three finite numbers
   * @throws IllegalArgumentException if there is none, or one does not have three finite numbers
   */
  public NsCoeffs {
    triples = triples.stream().map(List::copyOf).toList();
    Check.that(!triples.isEmpty(), "nsCoeffs must have at least one triple", triples);
    for (List<Double> triple : triples) {
      Check.that(triple.size() == 3, "each triple of nsCoeffs must have three numbers", triple);
      triple.forEach(number -> Check.finite("each number of nsCoeffs", number));
    }
  }

  /**
   * Returns one triple for all iterations.
   *
   * @param p the factor of X
   * @param q the factor of A X
   * @param r the factor of A A X
   * @return the coefficients
   */
  public static NsCoeffs of(double p, double q, double r) {
    return of(new double[] {p, q, r});
  }

  /**
   * Returns a triple for each iteration. With fewer iterations the last triples are taken.
   *
   * @param triples arrays (p, q, r), at least one
   * @return the coefficients
   */
  public static NsCoeffs of(double[]... triples) {
    List<List<Double>> rows = new ArrayList<>();
    for (double[] triple : triples) {
      List<Double> row = new ArrayList<>();
      for (double number : triple) {
        row.add(number);
      }
      rows.add(row);
    }
    return new NsCoeffs(rows);
  }

  /** Requires a triple for each iteration. */
  void requireFor(int nsSteps) {
    Check.atLeast("nsSteps", 1, nsSteps);
    Check.that(
        triples.size() == 1 || nsSteps <= triples.size(),
        "nsSteps must be at most the number of triples of nsCoeffs, %d".formatted(triples.size()),
        nsSteps);
  }

  /** Returns the coefficients as a part of a state. */
  Tree toTree() {
    double[] numbers = triples.stream().flatMap(List::stream).mapToDouble(n -> n).toArray();
    return Tree.of(PATH, Tensor.of(numbers, triples.size(), 3));
  }

  @Override
  public Object plain() {
    for (Map.Entry<String, NsCoeffs> named : NAMED.entrySet()) {
      if (named.getValue().equals(this) && triples.size() > 1) {
        return named.getKey();
      }
    }
    return triples.size() == 1 ? triples.get(0) : triples;
  }

  @Override
  public NsCoeffs read(String where, @Nullable Object plain) {
    @Nullable NsCoeffs named =
        plain instanceof String name ? NAMED.get(name.toLowerCase(Locale.ROOT)) : null;
    if (named != null) {
      return named;
    }
    if (!(plain instanceof List<?> list) || list.isEmpty()) {
      throw new IllegalArgumentException(
          "%s must be three numbers, a list of such triples or one of %s, but was %s"
              .formatted(where, NAMED.keySet(), plain));
    }
    List<List<Double>> rows = new ArrayList<>();
    for (Object row : list.get(0) instanceof List<?> ? list : List.of(list)) {
      rows.add(triple(where, row));
    }
    return new NsCoeffs(rows);
  }

  private static List<Double> triple(String where, Object plain) {
    List<Double> triple = new ArrayList<>();
    for (Object number : plain instanceof List<?> list ? list : List.of(plain)) {
      if (!(number instanceof Number given)) {
        throw new IllegalArgumentException(
            "%s must have numbers, but had %s".formatted(where, number));
      }
      triple.add(given.doubleValue());
    }
    return triple;
  }
}
