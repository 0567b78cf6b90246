package dev.glissade.pytorch;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.StringTensorDictItem;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A model's parameters, and which of them are trained. */
final class TorchParameters {
  private final List<TorchParameter.Named> named;

  /** Of each parameter, its last description; null while it is frozen. */
  private final @Nullable TorchParameter[] described;

  /** The descriptions of those that are trained; null if they have changed. */
  private @Nullable List<TorchParameter> trained;

  private TorchParameters(List<TorchParameter.Named> named) {
    this.named = named;
    this.described = new TorchParameter[named.size()];
  }

  /**
   * Returns the parameters of a model; one with several names once, under the first.
   *
   * @throws IllegalArgumentException if there are none, or one that is trained is not supported
   */
  static TorchParameters of(StringTensorDict parameters) {
    Objects.requireNonNull(
        parameters, "parameters must be given, but were null: give module.named_parameters()");
    TorchParameters made = new TorchParameters(TorchMemory.inScope(() -> named(parameters)));
    if (made.named.isEmpty()) {
      throw new IllegalArgumentException(
          "the model must have a parameter, but had none: register its layers with"
              + " register_module");
    }
    made.describe();
    return made;
  }

  private static List<TorchParameter.Named> named(StringTensorDict parameters) {
    List<TorchParameter.Named> named = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    try {
      for (long i = 0; i < parameters.size(); i++) {
        StringTensorDictItem item = parameters.get(i);
        TorchParameter.Named one = TorchParameter.Named.of(item.key().getString(), item.value());
        if (seen.add(one.impl().address())) {
          named.add(one);
        }
      }
    } finally {
      Reference.reachabilityFence(parameters); // the items are in its memory
    }
    return named;
  }

  /**
   * Returns the parameters that are not frozen; the same list while nothing but numbers changes.
   *
   * @throws IllegalStateException if all are frozen
   * @throws IllegalArgumentException if one is not supported
   */
  List<TorchParameter> trained() {
    describe();
    List<TorchParameter> now = trained;
    if (now == null) {
      now = Stream.of(described).filter(Objects::nonNull).toList();
      requireApart(now);
      if (now.isEmpty()) {
        throw new IllegalStateException(
            "the model must have a parameter that is not frozen, but all %d were"
                .formatted(named.size()));
      }
      trained = now;
    }
    return now;
  }

  private void describe() {
    for (int i = 0; i < described.length; i++) {
      TorchParameter.Named each = named.get(i);
      TorchParameter before = described[i];
      if (!each.isTrained()) {
        if (before != null) {
          described[i] = null;
          trained = null;
        }
      } else if (before == null || !before.isCurrent()) {
        trained = null;
        described[i] = TorchParameter.of(each);
      }
    }
  }

  private static void requireApart(List<TorchParameter> parameters) {
    List<TorchParameter> ordered =
        parameters.stream().sorted(Comparator.comparingLong(TorchParameter::address)).toList();
    for (int i = 1; i < ordered.size(); i++) {
      TorchParameter before = ordered.get(i - 1);
      TorchParameter one = ordered.get(i);
      if (before.address() + before.bytes() > one.address() && one.bytes() > 0) {
        throw new IllegalArgumentException(
            "parameters must have memory of their own, but \"%s\" and \"%s\" shared some: register"
                    .formatted(before.path(), one.path())
                + " one tensor under both names");
      }
    }
  }

  /** Sets all gradients to zero, those of frozen parameters too. */
  void clearGradients() {
    for (TorchParameter.Named each : named) {
      Tensor gradient = each.tensor().grad();
      if (gradient.defined()) {
        TorchGradients.clear(gradient);
      }
    }
  }
}
