namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>The divisors of numbers, remembered.</summary>
internal sealed class Divisors
{
    // Whether what is left above the square of this is a prime would take too long to find out.
    private const ulong LargestTried = 1 << 16;

    private const int Most = 4096;

    private readonly Dictionary<ulong, ulong[]?> _known = [];

    /// <summary>All divisors in ascending order, or null where they would take too long.</summary>
    public ulong[]? Of(ulong number)
    {
        if (!_known.TryGetValue(number, out var divisors)) _known[number] = divisors = Find(number);
        return divisors;
    }

    private static ulong[]? Find(ulong number)
    {
        var divisors = new List<ulong> { 1 };
        for (ulong prime = 2; prime <= number / prime; prime += prime == 2 ? 1UL : 2)
        {
            if (prime > LargestTried) return null;
            if (number % prime == 0 && !Multiply(divisors, prime, ref number)) return null;
        }
        if (number > 1 && !Multiply(divisors, number, ref number)) return null;
        divisors.Sort();
        return [.. divisors];
    }

    private static bool Multiply(List<ulong> divisors, ulong prime, ref ulong number)
    {
        var count = divisors.Count;
        var power = 1UL;
        while (number % prime == 0)
        {
            number /= prime;
            power *= prime;
            for (var i = 0; i < count; i++) divisors.Add(divisors[i] * power);
            if (divisors.Count > Most) return false;
            if (number == 0) break;
        }
        return true;
    }
}
