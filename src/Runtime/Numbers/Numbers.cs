using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard;

/// <summary>
/// Operations with numbers that keep each number alive until native code is done with it. TorchSharp's own do not: the number of
/// <c>t * 2</c>, the factor that <c>a + b</c> has within, or the result that <c>t.ToInt64()</c> reads belongs to the garbage collector
/// as soon as its address has been handed on, and a collection in that moment gives an exception, another number or the end of the
/// process.
/// </summary>
/// <remarks>
/// For every other operation that takes a <see cref="Scalar"/>, make it first and let it live until after the call:
/// <c>using Scalar half = 0.5; t.mul_(half);</c>.
/// </remarks>
public static class Numbers
{
#pragma warning disable RS0030 // Here each Scalar is kept in a using or a static field.
    /// <summary>One, as torch's <c>alpha</c> wants it: <c>a.add_(b, Numbers.One)</c>. Not to be disposed of.</summary>
    public static Scalar One { get; } = 1;

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right)
    {
        var sum = left.add(right, One);
        GC.KeepAlive(right);
        return Kept(left, sum);
    }

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, long right)
    {
        using Scalar number = right;
        return Kept(left, left.add(number, One));
    }

    /// <inheritdoc cref="Plus(Tensor, long)"/>
    public static Tensor Plus(this Tensor left, double right)
    {
        using Scalar number = right;
        return Kept(left, left.add(number, One));
    }

    /// <summary>left - right.</summary>
    public static Tensor Minus(this Tensor left, long right)
    {
        using Scalar number = right;
        return Kept(left, left.sub(number));
    }

    /// <inheritdoc cref="Minus(Tensor, long)"/>
    public static Tensor Minus(this Tensor left, double right)
    {
        using Scalar number = right;
        return Kept(left, left.sub(number));
    }

    /// <summary>left * right.</summary>
    public static Tensor Times(this Tensor left, long right)
    {
        using Scalar number = right;
        return Kept(left, left.mul(number));
    }

    /// <inheritdoc cref="Times(Tensor, long)"/>
    public static Tensor Times(this Tensor left, double right)
    {
        using Scalar number = right;
        return Kept(left, left.mul(number));
    }

    /// <summary>left / right; the quotient of whole numbers is a floating-point number.</summary>
    public static Tensor Over(this Tensor left, long right)
    {
        using Scalar number = right;
        return Kept(left, left.div(number));
    }

    /// <inheritdoc cref="Over(Tensor, long)"/>
    public static Tensor Over(this Tensor left, double right)
    {
        using Scalar number = right;
        return Kept(left, left.div(number));
    }

    /// <summary>left / right, rounded down.</summary>
    public static Tensor FloorOver(this Tensor left, long right)
    {
        using Scalar number = right;
        return Kept(left, left.floor_divide(number));
    }

    /// <summary>Where left = right.</summary>
    public static Tensor EqualTo(this Tensor left, long right)
    {
        using Scalar number = right;
        return Kept(left, left.eq(number));
    }

    /// <inheritdoc cref="EqualTo(Tensor, long)"/>
    public static Tensor EqualTo(this Tensor left, double right)
    {
        using Scalar number = right;
        return Kept(left, left.eq(number));
    }

    /// <summary>Where left &lt; right.</summary>
    public static Tensor LessThan(this Tensor left, long right)
    {
        using Scalar number = right;
        return Kept(left, left.lt(number));
    }

    /// <inheritdoc cref="LessThan(Tensor, long)"/>
    public static Tensor LessThan(this Tensor left, double right)
    {
        using Scalar number = right;
        return Kept(left, left.lt(number));
    }

    /// <summary>Where left &gt; right.</summary>
    public static Tensor GreaterThan(this Tensor left, long right)
    {
        using Scalar number = right;
        return Kept(left, left.gt(number));
    }

    /// <inheritdoc cref="GreaterThan(Tensor, long)"/>
    public static Tensor GreaterThan(this Tensor left, double right)
    {
        using Scalar number = right;
        return Kept(left, left.gt(number));
    }

    /// <summary>The elements, and a number where the mask is true.</summary>
    public static Tensor FilledWhere(this Tensor tensor, Tensor mask, double value)
    {
        using Scalar number = value;
        var filled = tensor.masked_fill(mask, number);
        GC.KeepAlive(mask);
        return Kept(tensor, filled);
    }

    /// <summary>A tensor of one number.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="value">The number.</param>
    /// <param name="dtype">The element type; torch's default by default.</param>
    /// <param name="device">Where it is made; the CPU by default.</param>
    public static Tensor Full(ReadOnlySpan<long> shape, double value, ScalarType? dtype = null, Device? device = null)
    {
        using Scalar number = value;
        return full(shape, number, dtype, device);
    }

    /// <summary>The numbers from <paramref name="start"/> up to, and without, <paramref name="stop"/>.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">What no number reaches.</param>
    /// <param name="step">The distance of neighbours.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">Where the tensor is made; the CPU by default.</param>
    public static Tensor Range(long start, long stop, long step = 1, ScalarType dtype = ScalarType.Int64, Device? device = null)
    {
        using Scalar first = start, end = stop, distance = step;
        return arange(first, end, distance, dtype, device);
    }

    /// <summary>The one element of a tensor of whole numbers, from any device.</summary>
    /// <exception cref="ArgumentException">The tensor has more elements or none, or another type.</exception>
    public static long ReadInt64(this Tensor tensor) => tensor.is_floating_point() || tensor.is_complex()
        ? throw new ArgumentException($"The elements are {tensor.dtype}, not whole numbers.", nameof(tensor))
        : Read<long>(tensor, ScalarType.Int64);

    /// <summary>The one element of a tensor of real numbers, from any device.</summary>
    /// <exception cref="ArgumentException">The tensor has more elements or none, or another type.</exception>
    public static double ReadDouble(this Tensor tensor) => tensor.is_complex()
        ? throw new ArgumentException($"The elements are {tensor.dtype}, not real numbers.", nameof(tensor))
        : Read<double>(tensor, ScalarType.Float64);

    /// <summary>Adds to each element of a tensor.</summary>
    internal static void PlusInPlace(this Tensor left, long right)
    {
        using Scalar number = right;
        left.add_(number, One);
        GC.KeepAlive(left);
    }

    /// <inheritdoc cref="PlusInPlace(Tensor, long)"/>
    internal static void PlusInPlace(this Tensor left, double right)
    {
        using Scalar number = right;
        left.add_(number, One);
        GC.KeepAlive(left);
    }
#pragma warning restore RS0030

    // Of t[0].Times(2) nobody else has the tensor: its finaliser would free it under mul.
    private static Tensor Kept(Tensor operand, Tensor result)
    {
        GC.KeepAlive(operand);
        return result;
    }

    private static T Read<T>(Tensor tensor, ScalarType type)
        where T : unmanaged
    {
        if (tensor.numel() != 1) throw new ArgumentException($"A tensor of {tensor.numel()} elements is not one number.", nameof(tensor));
        using Tensor wide = tensor.to_type(type), near = wide.cpu();

        GC.KeepAlive(tensor);
        return MemoryMarshal.Read<T>(near.bytes);
    }
}
