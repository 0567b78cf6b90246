package dev.glissade.testing;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every optimizer and transformation of this module, as it would be used, in plain values. */
public final class CoreOptimizers {
  private static final String LR = "learning_rate";

  private CoreOptimizers() {}

  /** A schedule of a learning rate that starts at 0. */
  public static final Map<String, Object> WARM_UP =
      named(
          "warmup_cosine_decay_schedule",
          Map.of("init_value", 0.0, "peak_value", 0.1, "warmup_steps", 3, "decay_steps", 9));

  /** An entry with its arguments. */
  public static Map<String, Object> named(String name, Object args) {
    return Map.of("name", name, "args", args);
  }

  /** An entry with one argument. */
  public static Map<String, Object> with(String name, String argument, Object value) {
    return named(name, Map.of(argument, value));
  }

  private static Map<String, Object> sgd() {
    return named("sgd", Map.of("learning_rate", 0.1, "momentum", 0.9));
  }

  /** A chain of these. */
  public static Map<String, Object> chain(Object... links) {
    return named("chain", List.of(links));
  }

  /** One line, or several, for each entry. */
  public static Map<String, Map<String, Object>> plain() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    optimizers(all);
    LayerwiseOptimizers.add(all);
    transforms(all);
    combinators(all);
    conditionals(all);
    averages(all);
    constraints(all);
    searches(all);
    return all;
  }

  private static void optimizers(Map<String, Map<String, Object>> all) {
    all.put("sgd", with("sgd", "learning_rate", 0.1));
    all.put("sgd with momentum", sgd());
    all.put("sgd warmed up", with("sgd", "learning_rate", WARM_UP));
    all.put("adam", with("adam", "learning_rate", 0.01));
    all.put("adam with nesterov", named("adam", Map.of("learning_rate", 0.1, "nesterov", true)));
    all.put("adamw", with("adamw", "learning_rate", WARM_UP));
    all.put(
        "adamw masked", named("adamw", Map.of("learning_rate", 0.01, "mask", List.of("*kernel"))));
    all.put("lion", with("lion", "learning_rate", 0.001));
    all.put("rmsprop", named("rmsprop", Map.of("learning_rate", 0.01, "momentum", 0.9)));
    all.put("rmsprop centered", named("rmsprop", Map.of("learning_rate", 0.01, "centered", true)));
    all.put("adagrad", with("adagrad", "learning_rate", 0.1));
    all.put("polyak_sgd", named("polyak_sgd", Map.of("scaling", 0.5, "variant", "sps+")));
    moreOptimizers(all);
    all.put("noisy_sgd", named("noisy_sgd", Map.of("learning_rate", 0.1, "seed", 3)));
  }

  private static void moreOptimizers(Map<String, Map<String, Object>> all) {
    all.put("nadam", with("nadam", LR, 0.01));
    all.put("nadamw", with("nadamw", LR, WARM_UP));
    all.put("adam mu", named("adam", Map.of(LR, 0.01, "mu_dtype", "bfloat16")));
    all.put("adamax", with("adamax", LR, 0.01));
    all.put("adamaxw", with("adamaxw", LR, 0.01));
    all.put("amsgrad", with("amsgrad", LR, 0.01));
    all.put(
        "amsgrad biased",
        named(
            "amsgrad",
            Map.of(
                LR,
                0.01,
                "mu_dtype",
                "float32",
                "bias_correction_mu",
                false,
                "bias_correction_nu",
                false)));
    all.put("adabelief", with("adabelief", LR, 0.001));
    all.put("adabelief decayed", named("adabelief", Map.of(LR, 0.001, "weight_decay", 1)));
    all.put("yogi", with("yogi", LR, 0.01));
    all.put("radam", with("radam", LR, 0.01));
    all.put(
        "adan", named("adan", Map.of(LR, 0.01, "weight_decay", 0.1, "mask", List.of("*kernel"))));
    all.put("sign_sgd", with("sign_sgd", LR, 0.01));
    all.put("signum", named("signum", Map.of(LR, 1, "accumulator_dtype", "float16")));
    all.put("adadelta", named("adadelta", Map.of(LR, 1, "weight_decay", 0.1)));
    all.put("rprop", with("rprop", LR, 0.01));
    all.put("optimistic_gradient_descent", with("optimistic_gradient_descent", LR, 0.1));
    all.put("optimistic_adam", named("optimistic_adam", Map.of(LR, 0.01, "optimism", 0.1)));
    all.put("optimistic_adam_v2", with("optimistic_adam_v2", LR, WARM_UP));
  }

  private static void moreTransforms(Map<String, Map<String, Object>> all) {
    all.put("scale_by_adamax", named("scale_by_adamax", Map.of()));
    all.put("scale_by_amsgrad", named("scale_by_amsgrad", Map.of()));
    all.put("scale_by_belief", with("scale_by_belief", "nesterov", true));
    all.put("scale_by_yogi", with("scale_by_yogi", "initial_accumulator_value", 0));
    all.put("scale_by_radam", with("scale_by_radam", "nesterov", true));
    all.put("scale_by_adan", named("scale_by_adan", Map.of()));
    all.put("scale_by_adadelta", named("scale_by_adadelta", Map.of()));
    all.put("scale_by_rprop", named("scale_by_rprop", Map.of(LR, 0.01)));
    all.put("scale_by_sign", named("scale_by_sign", Map.of()));
    all.put("scale_by_optimistic_gradient", with("scale_by_optimistic_gradient", "beta", WARM_UP));
    all.put("scale_by_lion smooth", with("scale_by_lion", "mode", "smooth"));
    all.put(
        "scale_by_lion refined",
        named("scale_by_lion", Map.of("mode", "refined", "mu_dtype", "bfloat16")));
    all.put(
        "trace in 16 bits", named("trace", Map.of("decay", 0.9, "accumulator_dtype", "bfloat16")));
  }

  private static void transforms(Map<String, Map<String, Object>> all) {
    all.put("add_decayed_weights", with("add_decayed_weights", "weight_decay", 0.1));
    all.put("add_noise", named("add_noise", Map.of("eta", 0.1, "gamma", 0.5, "seed", 1)));
    all.put("clip", with("clip", "max_delta", 0.1));
    all.put("clip nothing", with("clip", "max_delta", "inf"));
    all.put("clip_by_global_norm", with("clip_by_global_norm", "max_norm", 0.3));
    all.put("ema", with("ema", "decay", 0.9));
    all.put("scale", with("scale", "step_size", -0.1));
    all.put("scale_by_adam", named("scale_by_adam", Map.of()));
    moreTransforms(all);
    all.put("scale_by_learning_rate", with("scale_by_learning_rate", "learning_rate", 0.1));
    all.put("scale_by_lion", named("scale_by_lion", Map.of()));
    all.put(
        "scale_by_polyak",
        named("scale_by_polyak", Map.of("max_learning_rate", "inf", "eps", 0.1)));
    all.put("scale_by_rms", named("scale_by_rms", Map.of("bias_correction", true)));
    all.put(
        "scale_by_rss", named("scale_by_rss", Map.of("initial_accumulator_value", 0, "eps", 0)));
    all.put("scale_by_schedule", with("scale_by_schedule", "step_size_fn", WARM_UP));
    all.put("scale_by_stddev", named("scale_by_stddev", Map.of("initial_scale", 1)));
    all.put("set_to_zero", named("set_to_zero", Map.of()));
    all.put("trace", named("trace", Map.of("decay", 0.9, "nesterov", true)));
    all.put("zero_nans", named("zero_nans", Map.of()));
    all.put("identity", named("identity", Map.of()));
  }

  private static void combinators(Map<String, Map<String, Object>> all) {
    Map<String, Object> adam = with("adam", "learning_rate", 0.01);
    all.put("chain", chain(with("clip_by_global_norm", "max_norm", 0.3), all.get("adamw")));
    all.put(
        "named_chain",
        with("named_chain", "transformations", Map.of("clip", with("clip", "max_delta", 1.0))));
    all.put("master_weights", with("master_weights", "inner", adam));
    all.put("masked", named("masked", Map.of("inner", adam, "mask", List.of("*kernel"))));
    all.put(
        "partition",
        named(
            "partition",
            Map.of(
                "transforms",
                Map.of("k", adam, "o", sgd()),
                "param_labels",
                Map.of("*kernel", "k", "!*kernel", "o"))));
    all.put("freeze", with("freeze", "mask", List.of("*kernel")));
    all.put("frozen", chain(adam, with("freeze", "mask", List.of("*kernel"))));
    all.put(
        "selective_transform",
        named("selective_transform", Map.of("optimizer", adam, "freeze_mask", List.of("*kernel"))));
    all.put(
        "apply_if_finite",
        named("apply_if_finite", Map.of("inner", adam, "max_consecutive_errors", 3)));
    all.put("multi_steps", named("multi_steps", Map.of("opt", adam, "every_k_schedule", 3)));
    all.put(
        "inject_hyperparams",
        with("inject_hyperparams", "inner", with("adam", "learning_rate", WARM_UP)));
  }

  private static void conditionals(Map<String, Map<String, Object>> all) {
    Map<String, Object> adam = with("adam", "learning_rate", 0.01);
    Map<String, Object> third = with("step_multiple", "period", 3);
    all.put(
        "conditionally_transform",
        named(
            "conditionally_transform",
            Map.of(
                "inner",
                with("clip", "max_delta", 0.1),
                "should_transform_fn",
                with("step_below", "limit", 2))));
    all.put(
        "conditionally_transform by a schedule",
        named("conditionally_transform", Map.of("inner", adam, "should_transform_fn", WARM_UP)));
    all.put(
        "conditionally_mask",
        named("conditionally_mask", Map.of("inner", adam, "should_transform_fn", third)));
    all.put("apply_every", with("apply_every", "k", 3));
    all.put("adam, applied every third step", chain(adam, with("apply_every", "k", 3)));
    all.put(
        "multi_steps skipping",
        named(
            "multi_steps",
            Map.of(
                "opt",
                adam,
                "every_k_schedule",
                2,
                "should_skip_update_fn",
                with("skip_large_updates", "max_squared_norm", 11000))));
    all.put(
        "multi_steps in bfloat16",
        named(
            "multi_steps",
            Map.of(
                "opt",
                adam,
                "every_k_schedule",
                3,
                "use_grad_mean",
                false,
                "should_skip_update_fn",
                "skip_not_finite",
                "accumulator_dtype",
                "bfloat16")));
    all.put("flatten", with("flatten", "inner", chain(all.get("clip_by_global_norm"), adam)));
    all.put("snapshot", named("snapshot", Map.of("measure_name", "rms", "measure", "rms")));
    Map<String, Object> smooth =
        named("measure_with_ema", Map.of("measure", "max_abs", "decay", 0.9));
    all.put(
        "monitor",
        with("monitor", "measures", Map.of("norm", "norm", "smooth", smooth, "n1", "norm1")));
    all.put("monitored", chain(all.get("monitor"), all.get("snapshot"), adam));
    all.put(
        "inject_hyperparams with a state",
        named(
            "inject_hyperparams",
            Map.of(
                "inner",
                adam,
                "stateful_schedules",
                Map.of("learning_rate", with("wrapped_schedule", "schedule", WARM_UP)))));
  }

  private static void averages(Map<String, Map<String, Object>> all) {
    Map<String, Object> adam = with("adam", "learning_rate", 0.01);
    for (boolean reset : new boolean[] {false, true}) {
      all.put(
          reset ? "lookahead with reset" : "lookahead",
          named(
              "lookahead",
              Map.of(
                  "fast_optimizer",
                  adam,
                  "sync_period",
                  3,
                  "slow_step_size",
                  0.5,
                  "reset_state",
                  reset)));
    }
    all.put("params_ema", named("params_ema", Map.of("inner", adam, "decay", 0.9)));
    all.put(
        "params_ema from the start",
        named("params_ema", Map.of("inner", sgd(), "decay", 0.9, "debias", false)));
    all.put("swa", named("swa", Map.of("inner", adam, "start", 4, "period", 3)));
    all.put("lawa", named("lawa", Map.of("inner", sgd(), "k", 3, "period", 2)));
  }

  private static void searches(Map<String, Map<String, Object>> all) {
    Map<String, Object> halving =
        named(
            "scale_by_backtracking_linesearch",
            Map.of("max_backtracking_steps", 5, "store_grad", true));
    Map<String, Object> zoom = with("scale_by_zoom_linesearch", "max_linesearch_steps", 6);
    all.put("lbfgs", with("lbfgs", "memory_size", 3));
    all.put(
        "lbfgs without a search",
        named(
            "lbfgs", Map.of(LR, 0.1, "memory_size", 2, "linesearch", named("identity", Map.of()))));
    all.put("lbfgs with backtracking", with("lbfgs", "linesearch", halving));
    all.put("scale_by_lbfgs", with("scale_by_lbfgs", "memory_size", 2));
    Map<String, Object> box = named("projection_box", Map.of("lower", -1, "upper", 300));
    all.put("lbfgsb", named("lbfgsb", Map.of("bounds", box, "memory_size", 2)));
    all.put("scale_by_lbfgsb", named("scale_by_lbfgsb", Map.of("bounds", box, "memory_size", 2)));
    all.put("sgd with backtracking", chain(with("sgd", LR, 0.1), halving));
    all.put("adam with zoom", chain(with("adam", LR, 0.1), zoom));
  }

  private static void constraints(Map<String, Map<String, Object>> all) {
    all.put("normalize_by_update_norm", named("normalize_by_update_norm", Map.of()));
    all.put("keep_params_nonnegative", named("keep_params_nonnegative", Map.of()));
    all.put(
        "keep_params_in",
        with("keep_params_in", "projection", with("projection_l2_ball", "scale", 3)));
    all.put("projected descent", chain(sgd(), all.get("keep_params_in")));
  }

  /** Returns the names of all entries in some lines, those in a chain, too. */
  public static Set<String> entries(Map<String, Map<String, Object>> lines) {
    Set<String> names = new HashSet<>();
    lines
        .values()
        .forEach(line -> {
          names.add((String) line.get("name"));
          if (line.get("name").equals("chain") && line.get("args") instanceof List<?> links) {
            links.forEach(link -> names.add((String) ((Map<?, ?>) link).get("name")));
          }
        });
    return names;
  }
}
