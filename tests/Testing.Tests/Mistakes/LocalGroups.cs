using Lanyard.Testing.Tests.Models;
using static TorchSharp.torch;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>Divides positions of the rank by each other, which is right only where no share cuts a group.</summary>
public sealed class LocalGroups(int heads, int keys, int hidden, Topology? topology) : GroupedRead(heads, keys, hidden, topology)
{
    protected override Tensor Where(int heads, int keys) => tensor(Enumerable.Range(0, heads).Select(head => (long)(head / (heads / keys))).ToArray());
}
