using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Layouts;

namespace Lanyard.Transfers;

/// <summary>Modules of one class and equal sizes, which hold alike on every rank of a side: those of equal layers.</summary>
/// <param name="shares">What the ranks hold of the axes: those together that hold the same.</param>
internal sealed class SideKind(ImmutableArray<SideKind.Share> shares)
{
    private readonly Dictionary<(int Parameter, string Format), SideLayout> _layouts = [];

    public ImmutableArray<Share> Shares { get; } = shares;

    /// <summary>The layout of a parameter in a format.</summary>
    /// <param name="parameter">The parameter, of any module of the kind.</param>
    /// <param name="format">The format.</param>
    /// <param name="number">Numbers a new one.</param>
    public SideLayout Layout(ModelParameter parameter, ParameterFormat format, ref int number)
    {
        var key = (parameter.Bound.Entry.Index, format.Name);
        if (!_layouts.TryGetValue(key, out var layout)) _layouts.Add(key, layout = new SideLayout(number++, this, parameter, format));
        return layout;
    }

    /// <summary>Processes that hold the same of all axes.</summary>
    /// <param name="Axes">The axes, with what they hold.</param>
    /// <param name="Processes">The processes, in the order of the ranks.</param>
    internal sealed record Share(ImmutableArray<Axis> Axes, ImmutableArray<int> Processes);
}
