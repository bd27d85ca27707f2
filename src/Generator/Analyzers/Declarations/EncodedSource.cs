using System.Globalization;
using Lanyard.Arithmetic;
using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>A source that names an encoding, which says by itself what can be stored.</summary>
internal sealed class EncodedSource(INamedTypeSymbol type, IPropertySymbol property, DeclaredSource source, INamedTypeSymbol encoding, Location named, CancellationToken cancel)
{
    private readonly AttributeData? _codes = encoding.Attribute("CodesAttribute");

    /// <summary>What does not fit.</summary>
    public IEnumerable<(Location Where, string Message)> Faults()
    {
        var attribute = source.Attribute;
        foreach (var name in new[] { "BlockSize", "Packing", "Offset" })
        {
            if (attribute.Constant(name) is { IsNull: false, Value: not (0 or 0.0) }) yield return (At(name), $"\"{encoding.Name}\" says how values are stored; remove \"{name}\"");
        }
        if (_codes is null) yield break;
        var ending = _codes.Text(0);
        if (!source.Layout.Name.EndsWith(ending, StringComparison.Ordinal))
            yield return (Locate.Argument(attribute, 0, cancel)?.Expression.GetLocation() ?? named, $"The codes of \"{encoding.Name}\" are in a tensor whose name ends with \"{ending}\", and \"{source.Layout.Name}\" does not; name that tensor");
        if (attribute.Named("Scale") is not null && !encoding.Attributes("CompanionAttribute").Any(static companion => companion.Text(0) == "scale"))
            yield return (At("Scale"), $"\"{encoding.Name}\" has no companion \"scale\" that this could be the name of; remove \"Scale\"");
        if (!Pattern.TryParse(source.Layout.Pattern, out var pattern, out _)) yield break;
        foreach (var message in OfAxes(pattern, _codes)) yield return (named, message);
    }

    private IEnumerable<string> OfAxes(Pattern pattern, AttributeData codes)
    {
        var axes = codes.Named("Flat") is true ? 1 : pattern.Items.Length;
        if (IsOutside(codes, axes, out var axis)) yield return $"\"{encoding.Name}\" packs codes along axis {axis}, and \"{pattern.Text}\" has {Axes(axes)}";
        else if (axis < 0 && codes.Named("Block") is int block and > 1 && Size(pattern.Items[axes + axis]) is { } size && size % block != 0)
            yield return string.Format(CultureInfo.InvariantCulture, "\"{0}\" stores whole blocks of {1} codes, and \"{2}\" has {3} positions", encoding.Name, block, pattern.Items[axes + axis], size);
        var companions = encoding.Attributes("CompanionAttribute").ToList();
        foreach (var companion in companions)
        {
            var covers = EncodingFaults.Covers(companion);
            if (covers.Count > 0 && covers.TrueForAll(text => Covers.TryParse(text, out var read) && read!.Axes > axes))
                yield return $"\"{encoding.Name}\" has \"{companion.Text(0)}\" for blocks of \"{string.Join("\" or \"", covers)}\", and \"{pattern.Text}\" has {Axes(axes)}";
            else if (IsOutside(companion, axes, out var packed))
                yield return $"\"{encoding.Name}\" packs \"{companion.Text(0)}\" along axis {packed}, and \"{pattern.Text}\" has {Axes(axes)}";
            else if (companion.Named("Through") is string through && companions.Find(other => other.Text(0) == through) is { } index && EncodingFaults.Covers(index) is [var numbers] && covers.Exists(text => IsUnnumbered(text, numbers, axes)))
                yield return $"\"{encoding.Name}\" finds \"{companion.Text(0)}\" through \"{through}\", and \"{pattern.Text}\" has not one axis along which that has the numbers";
        }
    }

    private static bool IsOutside(AttributeData layout, int axes, out int axis)
    {
        axis = layout.Named("Axis") as int? ?? -1;
        return layout.Named("Bits") is int and not 0 && axis < -axes;
    }

    private static bool IsUnnumbered(string covers, string index, int axes) =>
        Covers.TryParse(covers, out var blocks) && Covers.TryParse(index, out var numbers) && Math.Max(blocks!.Axes, numbers!.Axes) <= axes && blocks.Through(numbers, axes) is null;

    private static string Axes(int axes) => axes switch { 0 => "none", 1 => "one", _ => axes.ToString(CultureInfo.InvariantCulture) };

    /// <summary>The extent of an item where all its axes are constants; else null.</summary>
    private long? Size(ItemNode item)
    {
        var isKnown = true;
        try
        {
            var size = Extents.Of(item, SizeOf);
            return isKnown ? size : null;
        }
        catch (OverflowException)
        {
            return null;
        }

        long SizeOf(ItemNode axis)
        {
            if (type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && SnakeCase.Of(field.Name) == axis.AxisKey && field.Attribute("AxisAttribute") is not null) is { ConstantValue: IConvertible constant }) return constant.ToInt64(CultureInfo.InvariantCulture);
            isKnown = false;
            return 1;
        }
    }

    private Location At(string name) => Locate.Argument(source.Attribute, name, cancel)?.Expression.GetLocation() ?? Locate.Attribute(source.Attribute, property, cancel);
}
