namespace Lanyard.Layouts;

/// <summary>How far one step along an axis moves in an array.</summary>
/// <param name="Axis">The axis: its node, for its name and its place in the text.</param>
/// <param name="Stride">The distance of one step.</param>
internal readonly record struct Loop(ItemNode Axis, long Stride)
{
    public string Key => Axis.AxisKey!;
}
