namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>
/// Whole numbers from zero that stop at <see cref="Huge"/>. No size and no requirement is that large, so that a sum or product that reached it
/// is larger than whatever it is compared with; as an upper bound it is none.
/// </summary>
internal static class Saturated
{
    /// <summary>More than the largest size, 2^63 - 1.</summary>
    public const ulong Huge = 1UL << 63;

    private const ulong Half = 1UL << 31;

    public static ulong Add(ulong left, ulong right) => left >= Huge - right ? Huge : left + right;

    public static ulong Multiply(ulong left, ulong right)
    {
        if ((left | right) < Half) return left * right;
        if (left == 0 || right == 0) return 0;
        if (left >= Huge || right >= Huge) return Huge;
        return left > (Huge - 1) / right ? Huge : left * right;
    }

    public static ulong Power(ulong number, int power)
    {
        if (power == 1) return number;
        var result = number;
        for (var i = 1; i < power; i++) result = Multiply(result, number);
        return result;
    }

    public static ulong DivideUp(ulong number, ulong by) => number == 0 ? 0 : (number - 1) / by + 1;

    /// <summary>The largest whole number whose power is not above a number.</summary>
    public static ulong Root(ulong number, int power)
    {
        if (power == 1) return number;
        ulong low = 0, high = 1UL << 32;
        while (low < high)
        {
            var middle = low + (high - low + 1) / 2;
            if (Power(middle, power) <= number) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /// <summary>The smallest whole number whose power is not below a number.</summary>
    public static ulong RootUp(ulong number, int power)
    {
        var root = Root(number, power);
        return Power(root, power) == number ? root : root + 1;
    }

    public static ulong CommonDivisor(ulong left, ulong right)
    {
        while (right != 0) (left, right) = (right, left % right);
        return left;
    }
}
