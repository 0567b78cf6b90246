package dev.glissade.contrib;

import static dev.glissade.testing.CoreOptimizers.WARM_UP;
import static dev.glissade.testing.CoreOptimizers.chain;
import static dev.glissade.testing.CoreOptimizers.named;
import static dev.glissade.testing.CoreOptimizers.with;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The algorithms that Optax does not have, as they would be used, in plain values. */
final class AdditionalOptimizers {
  private static final String LR = "learning_rate";

  private AdditionalOptimizers() {}

  static Map<String, Map<String, Object>> plain() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    Map<String, Object> sgd = named("sgd", Map.of(LR, 0.1, "momentum", 0.9));
    all.put("stable_adamw", named("stable_adamw", Map.of(LR, 0.01, "weight_decay", 0.1)));
    all.put("stable_adamw warmed up", with("stable_adamw", LR, WARM_UP));
    all.put("adam_mini", named("adam_mini", Map.of(LR, 0.01, "layout", "out_in")));
    all.put("adam_mini warmed up", with("adam_mini", LR, WARM_UP));
    all.put("laprop", with("laprop", LR, 0.01));
    all.put("laprop decayed", named("laprop", Map.of(LR, WARM_UP, "weight_decay", 0.1)));
    all.put("scale_by_laprop", named("scale_by_laprop", Map.of("b2", 0.5)));
    all.put("mars", named("mars", Map.of(LR, 0.01, "weight_decay", 0.1)));
    all.put("mars in bfloat16", named("mars", Map.of(LR, 0.01, "mu_dtype", "bfloat16")));
    all.put("mars_gradient", chain(named("mars_gradient", Map.of()), sgd));
    all.put("mars_gradient alone", named("mars_gradient", Map.of("gamma", 0.5)));
    all.put("grokfast_ema", named("grokfast_ema", Map.of("alpha", 0.9)));
    all.put("ftrl", with("ftrl", LR, 0.1));
    all.put("ftrl with penalties", named("ftrl", Map.of(LR, 0.1, "beta", 0, "l1", 0.2, "l2", 1)));
    all.put("cautious", with("cautious", "base_optimizer", sgd));
    all.put("cautious adamw", with("cautious", "base_optimizer", with("adamw", LR, 0.01)));
    all.put(
        "add_cautious_weight_decay",
        named(
            "add_cautious_weight_decay", Map.of("weight_decay", 0.1, "mask", List.of("*kernel"))));
    all.put(
        "add_cautious_weight_decay by schedule",
        with("add_cautious_weight_decay", "weight_decay", WARM_UP));
    return all;
  }
}
