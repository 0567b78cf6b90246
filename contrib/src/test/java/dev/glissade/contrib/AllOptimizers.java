package dev.glissade.contrib;

import static dev.glissade.testing.CoreOptimizers.WARM_UP;
import static dev.glissade.testing.CoreOptimizers.chain;
import static dev.glissade.testing.CoreOptimizers.named;
import static dev.glissade.testing.CoreOptimizers.with;

import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Catalog;
import dev.glissade.testing.CoreOptimizers;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every optimizer and transformation of the catalog, as it would be used, in plain values. */
public final class AllOptimizers {
  private AllOptimizers() {}

  /** One line, or several, for each entry of the catalog. */
  public static Map<String, Map<String, Object>> plain() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>(CoreOptimizers.plain());
    all.putAll(ours());
    return all;
  }

  /** One line, or several, for each entry of this module. */
  public static Map<String, Map<String, Object>> ours() {
    Map<String, Map<String, Object>> core = CoreOptimizers.plain();
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    Map<String, Object> sgd = core.get("sgd with momentum");
    Map<String, Object> one = with("sgd", "learning_rate", 1.0);
    Map<String, Object> adversary =
        chain(named("normalize", Map.of()), with("sgd", "learning_rate", 0.05));
    all.put("master_weights(prodigy)", with("master_weights", "inner", named("prodigy", Map.of())));
    all.put("cocob", named("cocob", Map.of()));
    all.put(
        "cocob with options",
        named("cocob", Map.of("learning_rate", WARM_UP, "weight_decay", 0.1)));
    all.put("dadapt_adamw", named("dadapt_adamw", Map.of("weight_decay", 0.1)));
    all.put("dadapt_adamw warmed up", with("dadapt_adamw", "learning_rate", WARM_UP));
    all.put("prodigy", named("prodigy", Map.of("weight_decay", 0.1)));
    all.put(
        "prodigy warmed up",
        named("prodigy", Map.of("learning_rate", WARM_UP, "safeguard_warmup", true)));
    all.put("mechanize", with("mechanize", "base_optimizer", core.get("adamw")));
    all.put("prodigy, relative", with("prodigy", "relative_estim_lr0", true));
    all.put(
        "mechanize, relative",
        named("mechanize", Map.of("base_optimizer", one, "relative_s_init", true)));
    all.put("mechanize(sgd)", with("mechanize", "base_optimizer", one));
    all.put("normalize", named("normalize", Map.of()));
    all.put("sam", named("sam", Map.of("optimizer", sgd, "adv_optimizer", adversary)));
    all.put(
        "sam of three",
        named(
            "sam",
            Map.of(
                "optimizer",
                core.get("adam"),
                "adv_optimizer",
                adversary,
                "sync_period",
                3,
                "reset_state",
                false)));
    all.put(
        "differentially_private_aggregate",
        named(
            "differentially_private_aggregate",
            Map.of("l2_norm_clip", 0.5, "noise_multiplier", 1.0, "seed", 7)));
    all.put(
        "dpsgd",
        named(
            "dpsgd",
            Map.of("learning_rate", 0.1, "l2_norm_clip", 0.5, "noise_multiplier", 0.7, "seed", 7)));
    all.putAll(scheduleFree(core));
    all.put(
        "split_real_and_imaginary", with("split_real_and_imaginary", "inner", core.get("adam")));
    return all;
  }

  private static Map<String, Map<String, Object>> scheduleFree(
      Map<String, Map<String, Object>> core) {
    return Map.of(
        "schedule_free",
        named("schedule_free", Map.of("base_optimizer", core.get("adamw"), "learning_rate", 0.1)),
        "schedule_free in bfloat16",
        named(
            "schedule_free",
            Map.of(
                "base_optimizer",
                with("sgd", "learning_rate", WARM_UP),
                "learning_rate",
                WARM_UP,
                "weight_lr_power",
                1.0,
                "state_dtype",
                "bfloat16")),
        "schedule_free_sgd",
        named("schedule_free_sgd", Map.of("learning_rate", 0.1, "weight_decay", 0.01)),
        "schedule_free_sgd warmed up",
        named("schedule_free_sgd", Map.of("learning_rate", WARM_UP, "warmup_steps", 3)),
        "schedule_free_adamw",
        named("schedule_free_adamw", Map.of("warmup_steps", 2, "weight_decay", 0.1)));
  }

  public static GradientTransformation<?> optimizer(String line) {
    return Catalog.standard().optimizer(plain().get(line));
  }
}
