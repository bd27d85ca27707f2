using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard;

/// <summary>How a parameter is stored on the processes of a side.</summary>
/// <param name="Layout">The layout that loads write, in the notation.</param>
/// <param name="Type">The type of its elements, before any post-load method.</param>
/// <param name="Shares">What each process has that has the parameter.</param>
public sealed record TransferStorage(string Layout, torch.ScalarType Type, ImmutableSortedDictionary<int, TransferShare> Shares);
