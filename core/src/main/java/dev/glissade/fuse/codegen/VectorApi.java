package dev.glissade.fuse.codegen;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Tape;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The Vector API of this JDK, present if the program was started with {@code --add-modules
 * jdk.incubator.vector}. Only generated code names its classes: source code that did would not
 * compile without the module.
 *
 * @param floats the number of floats in a vector
 * @param doubles the number of doubles in a vector
 * @param memory the storage through which vectors access off-heap memory
 */
public record VectorApi(int floats, int doubles, Storage memory) {
  private static final String MODULE = "jdk.incubator.vector";

  /** A JVM without a vectorizing compiler reports fewer. */
  private static final int MIN_FLOATS = 4;

  /** A row of lanes: a wider vector would span two rows. */
  private static final int MAX_FLOATS = LaneOrder.width(Element.F32);

  private static final @Nullable MethodHandle SEGMENT_OF = segmentOf();
  private static final @Nullable VectorApi HERE = find();

  /** Returns the Vector API of this JVM; null if it is absent or switched off. */
  public static @Nullable VectorApi here() {
    return HERE;
  }

  private static @Nullable VectorApi find() {
    if (!Boolean.parseBoolean(System.getProperty("dev.glissade.vectors", "true"))
        || ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return null;
    }
    try {
      // A module descriptor can't require a module that most programs start without.
      VectorApi.class.getModule().addReads(type("Vector").getModule());
      int floats = preferred("FloatVector");
      int doubles = preferred("DoubleVector");
      return floats < MIN_FLOATS || floats > MAX_FLOATS
          ? null
          : new VectorApi(floats, doubles, findMemory());
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(MODULE + "." + name);
  }

  private static int preferred(String vector) throws ReflectiveOperationException {
    Object species = type(vector).getField("SPECIES_PREFERRED").get(null);
    return (int) type("VectorSpecies").getMethod("length").invoke(species);
  }

  /**
   * Finds the off-heap storage that vectors access: byte buffers in old versions of the API, by
   * address if the program allows it, and memory segments since JDK 22, where those are final.
   */
  private static Storage findMemory() throws ReflectiveOperationException {
    for (var method : type("FloatVector").getMethods()) {
      if (method.getName().equals("fromByteBuffer")) {
        return NativeVectors.AVAILABLE ? Storage.NATIVE : Storage.BYTES;
      }
    }
    return Runtime.version().feature() >= 22 && SEGMENT_OF != null
        ? Storage.SEGMENT
        : Storage.ARRAY;
  }

  /** Returns whether vectorized loops implement all instructions of a tape. */
  public static boolean supports(Tape tape) {
    return tape.code().stream().allMatch(instruction -> supports(tape, instruction));
  }

  private static boolean supports(Tape tape, Tape.Instruction instruction) {
    if (instruction instanceof Tape.Load load) {
      return load.element() == tape.compute();
    }
    if (instruction instanceof Tape.Store store) {
      return store.element() == tape.compute();
    }
    if (instruction instanceof Tape.Round round) {
      return round.element() == tape.compute();
    }
    if (instruction instanceof Tape.Unary unary) {
      return VectorCodeWriter.supports(unary.op());
    }
    if (instruction instanceof Tape.Binary binary) {
      return VectorCodeWriter.supports(binary.op());
    }
    return instruction instanceof Tape.Select
        || instruction instanceof Tape.Scalar
        || instruction instanceof Tape.Reduce;
  }

  /**
   * Returns the operand that a kernel takes for a plane: its array, its off-heap memory, or a
   * buffer that has to be staged.
   */
  public static Object operand(Plane plane) {
    Object memory = HERE == null ? null : HERE.offHeap(plane);
    return memory == null ? plane.array() : memory;
  }

  /**
   * Returns the off-heap memory of a plane as generated code takes it. Returns null if the plane
   * has to be staged: if it is on the heap, has the other byte order, or, for loops over byte
   * buffers, has an unknown byte buffer.
   */
  private @Nullable Object offHeap(Plane plane) {
    if (!(plane.array() instanceof Buffer buffer)
        || !buffer.isDirect()
        || order(buffer) != ByteOrder.nativeOrder()) {
      return null;
    }
    return switch (memory) {
      case ARRAY -> null;
      case BYTES, NATIVE -> plane.bytes();
      case SEGMENT -> segment(buffer);
    };
  }

  /** Allocates off-heap memory for some elements, as generated code takes it. */
  public Object allocate(Element element, int size) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(element.bytes() * size).order(ByteOrder.nativeOrder());
    return switch (memory) {
      case ARRAY -> element.allocate(size);
      case BYTES, NATIVE -> bytes;
      case SEGMENT -> segment(bytes);
    };
  }

  public static ByteOrder order(Buffer buffer) {
    return buffer instanceof FloatBuffer floats
        ? floats.order()
        : buffer instanceof DoubleBuffer doubles ? doubles.order() : ((ShortBuffer) buffer).order();
  }

  private static Object segment(Buffer buffer) {
    if (SEGMENT_OF == null) {
      throw new IllegalStateException("this JDK has no memory segments");
    }
    try {
      return (Object) SEGMENT_OF.invokeExact(buffer);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a buffer can't be wrapped as a memory segment", e);
    }
  }

  /** Looks up MemorySegment.ofBuffer; returns null before JDK 22. */
  private static @Nullable MethodHandle segmentOf() {
    try {
      Class<?> type = Class.forName("java.lang.foreign.MemorySegment");
      return MethodHandles.publicLookup()
          .findStatic(type, "ofBuffer", MethodType.methodType(type, Buffer.class))
          .asType(MethodType.methodType(Object.class, Buffer.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  int lanes(Element compute) {
    return compute == Element.F32 ? floats : doubles;
  }
}
