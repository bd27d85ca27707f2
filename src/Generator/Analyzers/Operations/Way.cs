namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>What lies between a value and what it comes from.</summary>
/// <param name="Tie">How near the two are.</param>
/// <param name="MayCopy">Whether it is other memory at times: <c>contiguous()</c> and <c>to()</c> copy where they must.</param>
/// <param name="IsElement">Whether it was taken out of a collection, whose other elements are other values.</param>
/// <param name="IsDense">Whether it was made contiguous: then what looks at the memory in another order was copied.</param>
internal readonly record struct Way(Tie Tie, bool MayCopy = false, bool IsElement = false, bool IsDense = false)
{
    /// <summary>The value itself.</summary>
    public static Way Itself { get; } = new(Tie.Object);

    /// <summary>The same way from a value that is so near at most.</summary>
    public Way Through(Tie tie) => this with { Tie = tie < Tie ? tie : Tie, MayCopy = MayCopy || (IsDense && tie <= Tie.Memory) };

    /// <summary>The same way from where another one ends.</summary>
    public Way After(Way other)
    {
        var through = Through(other.Tie);
        return through with { MayCopy = through.MayCopy || other.MayCopy, IsElement = IsElement || other.IsElement, IsDense = IsDense || other.IsDense };
    }
}
