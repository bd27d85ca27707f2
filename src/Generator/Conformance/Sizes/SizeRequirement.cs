using System.Globalization;

namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>That a term lies in a range, and who says so.</summary>
/// <typeparam name="T">What says so.</typeparam>
public sealed class SizeRequirement<T>
{
    private readonly List<T> _sources;

    internal SizeRequirement(SizeTerm term, long low, long high, T source)
    {
        (Term, Low, High) = (term, low, high);
        _sources = [source];
    }

    /// <summary>What is spoken of.</summary>
    public SizeTerm Term { get; }

    /// <summary>The least that it can be.</summary>
    public long Low { get; }

    /// <summary>The most that it can be; nearly always the same.</summary>
    public long High { get; }

    /// <summary>All who say so, in the order of what was said.</summary>
    public IReadOnlyList<T> Sources => _sources;

    /// <summary>The first who says so.</summary>
    public T Source => _sources[0];

    /// <summary>The range as text: <c>4096</c>, <c>4089 to 4096</c>.</summary>
    public string Value => Text(Low, High);

    internal void Add(T source) => _sources.Add(source);

    private static string Text(long low, long high) =>
        low == high ? low.ToString(CultureInfo.InvariantCulture) : low.ToString(CultureInfo.InvariantCulture) + " to " + high.ToString(CultureInfo.InvariantCulture);
}
