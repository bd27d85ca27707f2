using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>Walks over the nodes of patterns.</summary>
internal static class Nodes
{
    /// <summary>Every axis by name, also inside blocks, in the order of the text.</summary>
    public static IEnumerable<AxisNode> AxesOf(params ImmutableArray<ItemNode> items) => All(items).OfType<AxisNode>();

    /// <summary>Every blocks, also inside others, in the order of the text.</summary>
    public static IEnumerable<BlocksNode> BlocksOf(ImmutableArray<ItemNode> items) => All(items).OfType<BlocksNode>();

    /// <summary>Every composition, also inside others, in the order of the text.</summary>
    public static IEnumerable<CompositionNode> CompositionsOf(ImmutableArray<ItemNode> items) => All(items).OfType<CompositionNode>();

    /// <summary>Whether anything rounds, divides or adds up axes.</summary>
    public static bool HasOtherThanAxes(ImmutableArray<ItemNode> items) => All(items).Any(static item => item is not (AxisNode or CompositionNode));

    private static IEnumerable<ItemNode> All(ImmutableArray<ItemNode> items) => items.SelectMany(All);

    private static IEnumerable<ItemNode> All(ItemNode item)
    {
        var inside = item switch
        {
            PadNode pad => All(pad.Composition),
            BlocksNode blocks => All(blocks.Composition),
            CompositionNode composition => composition.Parts.SelectMany(static part => All(part.Items)),
            _ => [],
        };
        return new[] { item }.Concat(inside);
    }
}
