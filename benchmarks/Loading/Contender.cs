namespace Lanyard.Loading.Benchmarks;

/// <summary>Something that is timed.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Prepare">Makes ready for one turn; not timed.</param>
/// <param name="End">Gives back what it holds between turns.</param>
internal sealed record Contender(string Name, Func<Turn> Prepare, Action? End = null);

/// <summary>One timed turn.</summary>
/// <param name="Run">What is timed.</param>
/// <param name="Clear">Clears up; not timed.</param>
internal sealed record Turn(Action Run, Action Clear);
