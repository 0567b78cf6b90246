package dev.glissade.contrib;

import static dev.glissade.testing.CoreOptimizers.WARM_UP;
import static dev.glissade.testing.CoreOptimizers.chain;
import static dev.glissade.testing.CoreOptimizers.named;
import static dev.glissade.testing.CoreOptimizers.with;

import dev.glissade.GradientTransformation;
import dev.glissade.catalog.Catalog;
import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.Given;
import java.util.LinkedHashMap;
import java.util.List;
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
    Map<String, Map<String, Object>> all = new LinkedHashMap<>(AdditionalOptimizers.plain());
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
    all.putAll(scaled());
    all.putAll(byLoss(core));
    all.putAll(ofMatrices());
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

  private static Map<String, Map<String, Object>> scaled() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    all.put("acprop", named("acprop", Map.of("learning_rate", 0.01, "floor", 1e-8)));
    all.put("scale_by_acprop", with("scale_by_acprop", "eps_root", 1e-8));
    all.put(
        "ademamix",
        named(
            "ademamix",
            Map.of(
                "learning_rate",
                0.01,
                "b3",
                named("ademamix_b3_schedule", Map.of("b1", 0.9, "b3", 0.99, "transition_steps", 9)),
                "alpha",
                named("ademamix_alpha_schedule", Map.of("alpha", 5.0, "transition_steps", 9)),
                "weight_decay",
                0.1)));
    all.put("scale_by_ademamix", with("scale_by_ademamix", "mu_dtype", "bfloat16"));
    all.put("simplified_ademamix", with("simplified_ademamix", "learning_rate", 1e-4));
    all.put("scale_by_simplified_ademamix", with("scale_by_simplified_ademamix", "alpha", WARM_UP));
    all.put("adopt", named("adopt", Map.of("learning_rate", 0.01, "nesterov", true)));
    all.put(
        "scale_by_adopt",
        named("scale_by_adopt", Map.of("mu_dtype", "bfloat16", "use_clipping", false)));
    all.put(
        "adopt with a bound",
        named(
            "adopt",
            Map.of(
                "learning_rate", 0.01, "clip_value_fn", with("power_of_count", "exponent", 0.5))));
    all.put("madgrad", named("madgrad", Map.of("learning_rate", 0.01, "weight_decay", 0.01)));
    all.put("scale_by_madgrad", with("scale_by_madgrad", "learning_rate", WARM_UP));
    all.put("dog", with("dog", "init_step", List.of("heuristic", 0.01)));
    all.put(
        "dog by a learning rate",
        named("dog", Map.of("init_step", List.of("learning_rate", 0.01), "weight_decay", 0.1)));
    all.put(
        "dog warmed up",
        named("dog", Map.of("init_step", List.of("distance", 0.01), "learning_rate", WARM_UP)));
    all.put("dowg", named("dowg", Map.of("weight_decay", 0.1)));
    all.put("dowg warmed up", with("dowg", "learning_rate", WARM_UP));
    return all;
  }

  private static Map<String, Map<String, Object>> ofMatrices() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    all.put("muon", with("muon", "learning_rate", 0.02));
    all.put(
        "muon with options",
        named(
            "muon",
            Map.of(
                "learning_rate",
                WARM_UP,
                "ns_coeffs",
                "dion",
                "mu_dtype",
                "bfloat16",
                "adaptive",
                true,
                "preconditioning",
                "spectral",
                "consistent_rms",
                0.2,
                "adam_learning_rate",
                WARM_UP,
                "weight_decay",
                0.1)));
    all.put("muon by neurons", named("muon", Map.of("learning_rate", 0.02, "neuron_beta", 0.9)));
    all.put(
        "muon of named matrices",
        named(
            "muon",
            Map.of(
                "learning_rate",
                0.02,
                "preconditioning",
                "aol",
                "muon_weight_dimension_numbers",
                Map.of("em*y", Map.of("reduction_axis", List.of(1), "output_axis", List.of(0))))));
    all.put(
        "scale_by_muon",
        named("scale_by_muon", Map.of("preconditioning", "schatten", "nesterov", false)));
    all.put("galore", with("galore", "learning_rate", 0.02));
    all.put(
        "galore with options",
        named(
            "galore",
            Map.of(
                "learning_rate",
                WARM_UP,
                "rank",
                2,
                "update_proj_gap",
                4,
                "scale",
                0.5,
                "base_optimizer",
                Map.of("name", "adafactor", "args", Map.of("learning_rate", 0.1)),
                "weight_decay",
                0.1)));
    all.put("scale_by_galore", named("scale_by_galore", Map.of("rank", 1, "update_proj_gap", 3)));
    all.put("soap", named("soap", Map.of("learning_rate", 0.02)));
    all.put(
        "soap with options",
        named(
            "soap",
            Map.of(
                "learning_rate",
                WARM_UP,
                "shampoo_beta",
                0.8,
                "precondition_frequency",
                3,
                "max_precond_dim",
                3,
                "weight_decay",
                0.1)));
    all.put("shampoo", named("shampoo", Map.of("learning_rate", 0.02)));
    all.put(
        "shampoo with options",
        named(
            "shampoo",
            Map.of(
                "learning_rate",
                WARM_UP,
                "precondition_frequency",
                3,
                "max_precond_dim",
                3,
                "weight_decay",
                0.1)));
    all.put("scale_by_shampoo", named("scale_by_shampoo", Map.of("precondition_frequency", 3)));
    all.put("scale_by_soap", named("scale_by_soap", Map.of("precondition_frequency", 3)));
    return all;
  }

  private static Map<String, Map<String, Object>> byLoss(Map<String, Map<String, Object>> core) {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    all.put("momo", named("momo", Map.of("learning_rate", 0.1, "weight_decay", 0.1)));
    all.put("momo warmed up", named("momo", Map.of("learning_rate", WARM_UP)));
    all.put("momo_adam", named("momo_adam", Map.of("adapt_lower_bound", true)));
    all.put("reduce_on_plateau", with("reduce_on_plateau", "patience", 2));
    all.put(
        "reduce_on_plateau of means",
        chain(
            core.get("adam"),
            named(
                "reduce_on_plateau",
                Map.of("patience", 1, "accumulation_size", 2, "cooldown", 1, "atol", 0.1))));
    all.put("sophia", named("sophia", Map.of("learning_rate", 0.01, "update_interval", 3)));
    all.put(
        "sophia as in the paper",
        named(
            "sophia",
            Map.of(
                "learning_rate",
                0.01,
                "mu_dtype",
                "bfloat16",
                "estimate_first",
                true,
                "hessian_diagonal_fn",
                with("hutchinson_estimator_diag_hessian", "random_seed", 3))));
    all.put(
        "hutchinson_estimator_diag_hessian", named("hutchinson_estimator_diag_hessian", Map.of()));
    all.put("asam", with("asam", "optimizer", core.get("sgd with momentum")));
    all.put("adaptive_normalize", with("adaptive_normalize", "eta", 0.1));
    return all;
  }

  /** Returns the optimizer of a line, with the extra arguments that it asks for. */
  public static GradientTransformation<?> given(String line) {
    return Given.to(optimizer(line));
  }

  public static GradientTransformation<?> optimizer(String line) {
    return Catalog.standard().optimizer(plain().get(line));
  }
}
