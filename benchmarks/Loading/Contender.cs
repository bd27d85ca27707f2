namespace Lanyard.Loading.Benchmarks;

/// <summary>Something that is timed.</summary>
/// <param name="Name">Its name in what is printed.</param>
/// <param name="Prepare">Makes ready for one turn; not timed.</param>
/// <param name="End">Gives back what it holds between turns.</param>
internal sealed record Contender(string Name, Func<Turn> Prepare, Action? End = null)
{
    /// <summary>Its row in the table of aims; null where it has none.</summary>
    public Row? Row { get; init; }

    /// <summary>The figure of the row, from seconds and from the part of the limit that they are.</summary>
    public Func<double, double, double> Figure { get; init; } = (_, ratio) => ratio;
}
