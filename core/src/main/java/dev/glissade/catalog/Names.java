package dev.glissade.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Converts Java names to documented names, and finds the known name that is nearest to an unknown
 * one.
 */
public final class Names {
  private static final int MAX_LENGTH = 100;

  /**
   * Names from other libraries and papers, reduced to letters and digits, with the names they may
   * mean here. The first meaning that is known in the context counts.
   */
  private static final Map<String, List<String>> SYNONYMS =
      Map.ofEntries(
          meaning("lr", "learning_rate", "step_size", "value", "init_value", "peak_value"),
          meaning("rate", "learning_rate", "step_size", "decay_rate"),
          meaning("eta", "learning_rate", "step_size"),
          meaning("alpha", "learning_rate", "decay", "step_size"),
          meaning("stepsize", "learning_rate", "step_size"),
          meaning("initlr", "init_value", "learning_rate"),
          meaning("maxlr", "peak_value", "learning_rate"),
          meaning("peaklr", "peak_value", "learning_rate"),
          meaning("minlr", "end_value"),
          meaning("baselr", "init_value", "learning_rate"),
          meaning("steps", "decay_steps", "transition_steps"),
          meaning("totalsteps", "decay_steps", "transition_steps"),
          meaning("warmup", "warmup_steps"),
          meaning("wd", "weight_decay"),
          meaning("l2", "weight_decay", "l2_norm_clip"),
          meaning("lambda", "weight_decay"),
          meaning("decay", "weight_decay", "decay_rate"),
          meaning("beta", "b1", "betas", "decay", "momentum"),
          meaning("beta1", "b1", "betas", "momentum", "decay"),
          meaning("beta2", "b2", "betas", "decay"),
          meaning("b1", "betas", "momentum", "decay"),
          meaning("b2", "betas", "decay"),
          meaning("betas", "b1"),
          meaning("momentum", "b1", "betas", "decay"),
          meaning("mu", "momentum", "b1", "decay"),
          meaning("rho", "decay", "b2", "betas"),
          meaning("gamma", "decay", "decay_rate"),
          meaning("epsilon", "eps"),
          meaning("d0", "estim_lr0"),
          meaning("dcoef", "estim_lr_coef"),
          meaning("growthrate", "estim_lr_coef"),
          meaning("clip", "l2_norm_clip", "max_norm", "max_delta"),
          meaning("clipnorm", "max_norm", "l2_norm_clip"),
          meaning("maxgradnorm", "l2_norm_clip", "max_norm"),
          meaning("maxnorm", "max_norm", "l2_norm_clip"),
          meaning("sigma", "noise_multiplier"),
          meaning("noise", "noise_multiplier", "eta"),
          meaning("batchsize", "expected_batch_size"),
          meaning("accumulate", "every_k_schedule"),
          meaning("period", "sync_period"),
          meaning("mask", "weight_decay_mask"),
          meaning("sgdm", "sgd"),
          meaning("momentumsgd", "sgd"),
          meaning("gd", "sgd"),
          meaning("nag", "sgd"),
          meaning("mechanic", "mechanize"),
          meaning("dadaptation", "dadapt_adamw"),
          meaning("dadaptadam", "dadapt_adamw"),
          meaning("dpadam", "dpsgd"),
          meaning("privatesgd", "dpsgd"),
          meaning("cocobbackprop", "cocob"),
          meaning("gradientclipping", "clip_by_global_norm"),
          meaning("clipgradnorm", "clip_by_global_norm"),
          meaning("cosine", "cosine_decay_schedule"),
          meaning("onecycle", "cosine_onecycle_schedule"),
          meaning("frozen", "set_to_zero"),
          meaning("freeze", "set_to_zero"));

  private Names() {}

  private static Map.Entry<String, List<String>> meaning(String other, String... ours) {
    return Map.entry(other, List.of(ours));
  }

  /**
   * Converts a Java name to snake case: {@code estimLr0} to {@code estim_lr0}, {@code l2NormClip}
   * to {@code l2_norm_clip}.
   *
   * @param camel a name in camel case
   * @return the name in snake case
   */
  public static String snake(String camel) {
    return camel
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_")
        .toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the known name that an unknown one most likely means: first a name that differs only in
   * case or punctuation, then one that other libraries use for the same thing, then the name at the
   * smallest edit distance, if that is at most a third of its length or one name begins with the
   * other.
   *
   * @param unknown the name that was not found
   * @param known the names to choose from
   * @return the nearest name; empty if none is near
   */
  public static Optional<String> nearest(String unknown, Collection<String> known) {
    String plain = plain(unknown);
    for (String name : known) {
      if (!plain.isEmpty() && plain(name).equals(plain)) {
        return Optional.of(name);
      }
    }
    Optional<String> meant =
        SYNONYMS.getOrDefault(plain, List.of()).stream().filter(known::contains).findFirst();
    return meant.isPresent() ? meant : byEdits(plain, known);
  }

  private static Optional<String> byEdits(String plain, Collection<String> known) {
    if (plain.isEmpty() || plain.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> name.length() <= MAX_LENGTH)
        .filter(name -> isNear(plain, plain(name)))
        .min(Comparator.comparingInt(name -> distance(plain, plain(name))));
  }

  /** Returns whether two names differ by few edits, or one begins with the other. */
  private static boolean isNear(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    int longer = Math.max(a.length(), b.length());
    boolean few = longer - shorter <= longer / 3 && distance(a, b) <= longer / 3;
    return few || (shorter >= 4 && (a.startsWith(b) || b.startsWith(a)));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
  }

  /** Returns {@code : did you mean "adam"?}, or nothing if no name is near. */
  static String hint(String unknown, Collection<String> known) {
    return nearest(unknown, known).map(name -> ": did you mean \"" + name + "\"?").orElse("");
  }

  /**
   * Counts the edits between two names, swaps of neighbors included (Damerau 1964). It keeps the
   * last three rows of the table: the one of i characters of a, and the two before it.
   */
  private static int distance(String a, String b) {
    int[] twoBefore = new int[b.length() + 1];
    int[] before = new int[b.length() + 1];
    int[] edits = new int[b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      int[] oldest = twoBefore;
      twoBefore = before;
      before = edits;
      edits = oldest;
      edits[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        if (i == 0) {
          edits[j] = j;
          continue;
        }
        int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[j] = Math.min(replaced, Math.min(before[j], edits[j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          edits[j] = Math.min(edits[j], twoBefore[j - 2] + 1);
        }
      }
    }
    return edits[b.length()];
  }
}
