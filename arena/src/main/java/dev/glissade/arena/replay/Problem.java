package dev.glissade.arena.replay;

import dev.glissade.DType;
import dev.glissade.HessianProduct;
import dev.glissade.LossFunction;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.records.Records;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A loss of a recorded case, by its formula, as a function of all parameters in one vector. */
interface Problem {
  double value(double[] x);

  double[] gradient(double[] x);

  /** Returns the product of the Hessian at x with v. */
  double[] hessianProduct(double[] x, double[] v);

  /**
   * Makes a problem from plain values.
   *
   * @throws IllegalArgumentException if it is not a problem with its arguments
   */
  static Problem of(@Nullable Object plain) {
    Map<String, @Nullable Object> source = Records.children(plain);
    Map<String, @Nullable Object> args = Records.children(source.get("args"));
    String name = String.valueOf(source.get("name"));
    return switch (name) {
      case "quadratic" -> new Quadratic(array(args, "matrix"), array(args, "center"));
      case "rosenbrock" -> new Rosenbrock();
      case "logistic" -> new Logistic(array(args, "features"), array(args, "labels"), l2(args));
      case "quartic" -> new Quartic(array(args, "weights"));
      case "barrier" -> new Barrier(array(args, "slope"));
      default ->
          throw new IllegalArgumentException(
              "\"problem\" must be quadratic, rosenbrock, logistic, quartic or barrier, but was "
                  + name);
    };
  }

  private static double[] array(Map<String, @Nullable Object> args, String name) {
    return PlainTrees.numbers(name, Records.children(args.get(name)).get("data"));
  }

  private static double l2(Map<String, @Nullable Object> args) {
    if (args.get("l2") instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException("\"l2\" must be a number, but was " + args.get("l2"));
  }

  /** Returns a problem's value and gradient as functions of trees. */
  static LossFunction loss(Problem problem) {
    return (x, i) ->
        new ValueAndGradients(problem.value(vector(x)), tree(problem.gradient(vector(x)), x));
  }

  /** Returns the product of a problem's Hessian with a vector, as a function of trees. */
  static HessianProduct product(Problem problem) {
    return (x, v) -> tree(problem.hessianProduct(vector(x), vector(v)), v);
  }

  /** Returns the numbers of all leaves in the order of their paths. */
  static double[] vector(Tree tree) {
    double[] vector = new double[Math.toIntExact(tree.size())];
    int at = 0;
    for (String path : tree.paths()) {
      double[] leaf = tree.get(path).toDoubles();
      System.arraycopy(leaf, 0, vector, at, leaf.length);
      at += leaf.length;
    }
    return vector;
  }

  /** Returns a vector as a tree of the form of another one. */
  static Tree tree(double[] vector, Tree form) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    int at = 0;
    for (String path : form.paths()) {
      Tensor leaf = form.get(path);
      double[] numbers = new double[Math.toIntExact(leaf.size())];
      System.arraycopy(vector, at, numbers, 0, numbers.length);
      DType dtype = leaf.dtype();
      leaves.put(path, Tensor.of(dtype, numbers, leaf.shape()));
      at += numbers.length;
    }
    return Tree.of(leaves);
  }

  private static double dot(double[] a, int row, double[] b) {
    double sum = 0;
    for (int i = 0; i < b.length; i++) {
      sum += a[row * b.length + i] * b[i];
    }
    return sum;
  }

  /** 1/2 (x-c)' A (x-c). */
  record Quadratic(double[] a, double[] c) implements Problem {
    @Override
    public double value(double[] x) {
      return dot(gradient(x), 0, fromCenter(x)) / 2;
    }

    @Override
    public double[] gradient(double[] x) {
      return hessianProduct(x, fromCenter(x));
    }

    private double[] fromCenter(double[] x) {
      double[] d = new double[x.length];
      for (int i = 0; i < d.length; i++) {
        d[i] = x[i] - c[i];
      }
      return d;
    }

    @Override
    public double[] hessianProduct(double[] x, double[] v) {
      double[] product = new double[v.length];
      for (int i = 0; i < v.length; i++) {
        product[i] = dot(a, i, v);
      }
      return product;
    }
  }

  /** The sum of 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2. */
  record Rosenbrock() implements Problem {
    @Override
    public double value(double[] x) {
      double sum = 0;
      for (int i = 0; i + 1 < x.length; i++) {
        sum += 100 * Math.pow(x[i + 1] - x[i] * x[i], 2) + Math.pow(1 - x[i], 2);
      }
      return sum;
    }

    @Override
    public double[] gradient(double[] x) {
      double[] g = new double[x.length];
      for (int i = 0; i + 1 < x.length; i++) {
        double off = x[i + 1] - x[i] * x[i];
        g[i] += -400 * x[i] * off - 2 * (1 - x[i]);
        g[i + 1] += 200 * off;
      }
      return g;
    }

    @Override
    public double[] hessianProduct(double[] x, double[] v) {
      double[] product = new double[x.length];
      for (int i = 0; i + 1 < x.length; i++) {
        product[i] += (1200 * x[i] * x[i] - 400 * x[i + 1] + 2) * v[i] - 400 * x[i] * v[i + 1];
        product[i + 1] += 200 * v[i + 1] - 400 * x[i] * v[i];
      }
      return product;
    }
  }

  /** The mean of log(1 + exp(-y_j z_j'x)) + l2/2 x'x, for rows z_j and labels y_j of +-1. */
  record Logistic(double[] z, double[] y, double l2) implements Problem {
    @Override
    public double value(double[] x) {
      double sum = 0;
      for (int j = 0; j < y.length; j++) {
        double margin = y[j] * dot(z, j, x);
        sum += Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
      }
      return sum / y.length + l2 / 2 * dot(x, 0, x);
    }

    @Override
    public double[] gradient(double[] x) {
      double[] g = scaled(l2, x);
      for (int j = 0; j < y.length; j++) {
        add(g, j, -y[j] * wrong(x, j));
      }
      return g;
    }

    /** Returns 1 / (1 + exp(y_j z_j'x)). */
    private double wrong(double[] x, int j) {
      return 1 / (1 + Math.exp(y[j] * dot(z, j, x)));
    }

    /** Adds factor / rows times row j. */
    private void add(double[] sum, int j, double factor) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += factor / y.length * z[j * sum.length + i];
      }
    }

    @Override
    public double[] hessianProduct(double[] x, double[] v) {
      double[] product = scaled(l2, v);
      for (int j = 0; j < y.length; j++) {
        double s = wrong(x, j);
        add(product, j, s * (1 - s) * dot(z, j, v));
      }
      return product;
    }

    private static double[] scaled(double factor, double[] v) {
      double[] scaled = v.clone();
      for (int i = 0; i < v.length; i++) {
        scaled[i] *= factor;
      }
      return scaled;
    }
  }

  /** 1/4 sum w x^4. */
  record Quartic(double[] w) implements Problem {
    @Override
    public double value(double[] x) {
      return dot(gradient(x), 0, x) / 4;
    }

    @Override
    public double[] gradient(double[] x) {
      double[] g = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        g[i] = w[i] * x[i] * x[i] * x[i];
      }
      return g;
    }

    @Override
    public double[] hessianProduct(double[] x, double[] v) {
      double[] product = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        product[i] = 3 * w[i] * x[i] * x[i] * v[i];
      }
      return product;
    }
  }

  /** c'x - sum log x, which is NaN outside of x > 0. */
  record Barrier(double[] c) implements Problem {
    @Override
    public double value(double[] x) {
      double sum = dot(c, 0, x);
      for (double xi : x) {
        sum -= Math.log(xi);
      }
      return sum;
    }

    @Override
    public double[] gradient(double[] x) {
      double[] g = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        g[i] = c[i] - 1 / x[i];
      }
      return g;
    }

    @Override
    public double[] hessianProduct(double[] x, double[] v) {
      double[] product = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        product[i] = v[i] / (x[i] * x[i]);
      }
      return product;
    }
  }
}
