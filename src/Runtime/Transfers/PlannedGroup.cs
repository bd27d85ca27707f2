using System.Collections.Immutable;

namespace Lanyard.Transfers;

/// <summary>Target parameters with the same way of being filled, before their runs are made.</summary>
/// <param name="target">The layout of each of them.</param>
/// <param name="tensors">For each tensor of the layout, who has its elements: which source parameter of a member, in which layout, as which tensor.</param>
/// <param name="sources">The layouts of the source parameters.</param>
internal sealed class PlannedGroup(SideLayout target, ImmutableArray<ImmutableArray<PlannedGroup.Home>> tensors, ImmutableArray<SideLayout> sources)
{
    public SideLayout Target { get; } = target;

    public ImmutableArray<ImmutableArray<Home>> Tensors { get; } = tensors;

    public ImmutableArray<SideLayout> Sources { get; } = sources;

    public List<TransferMember> Members { get; } = [];

    /// <summary>The name of a tensor of the first member, for messages.</summary>
    public string NameOf(int tensor) => Target.Parameter.Module.Prefixes.Of(Target.Format) + Target.Tensors[tensor].Name;

    /// <summary>What makes groups the same.</summary>
    public static string KeyOf(SideLayout target, IEnumerable<ImmutableArray<Home>> tensors) =>
        target.Number + ":" + string.Join(';', tensors.Select(homes => string.Join(',', homes.Select(home => $"{home.Source}.{home.Layout.Number}.{home.Tensor}"))));

    /// <summary>Who has elements of a tensor.</summary>
    /// <param name="Source">Which source parameter of a member.</param>
    /// <param name="Layout">Its layout.</param>
    /// <param name="Tensor">The number of the tensor there.</param>
    internal readonly record struct Home(int Source, SideLayout Layout, int Tensor);
}
