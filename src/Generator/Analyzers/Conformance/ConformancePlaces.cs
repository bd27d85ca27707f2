using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>Finds the places of problems: in lists, which are no code, and in the code of classes, where that is here.</summary>
/// <param name="runs">The classes.</param>
/// <param name="root">The class that is to conform, and its list.</param>
/// <param name="cancel">Says that nobody waits.</param>
internal sealed class ConformancePlaces(ConformanceRuns runs, ConformanceRoot root, CancellationToken cancel)
{
    /// <summary>A place; the attribute that asks for the comparison where the class is in another assembly.</summary>
    public Location Of(ProblemPlace place) => Find(place) ?? Argument(0);

    /// <summary>A place; null where the class is in another assembly.</summary>
    public Location? Find(ProblemPlace place)
    {
        if (place.Start >= 0) return InList(place.Start, place.Length);
        if (place.Class is null || runs.TypeHere(place.Class) is not { } type) return null;
        if (place.Member is null && place.Source >= 0) return Ignore(type, place.Source);

        // A family without a map of its own says itself what holds of the class that it derives from.
        if (place.Member is null) return (KnownTypes.BasesOf(root.Type).Any(parent => SymbolEqualityComparer.Default.Equals(parent.OriginalDefinition, type)) ? root.Type : type).Locations[0];
        if (type.GetMembers(place.Member).FirstOrDefault() is not { } member) return type.Locations[0];
        return place.Source >= 0 ? Source(member, place) : Locate.Member(member);
    }

    /// <summary>An argument of the attribute.</summary>
    public Location Argument(int argument) =>
        argument >= 0 && Locate.Argument(root.Attribute, argument, cancel) is { } syntax ? syntax.Expression.GetLocation() : Locate.Attribute(root.Attribute, root.Type, cancel);

    private Location? InList(int start, int length)
    {
        if (root is not { Path: { } path, Text: { } text }) return null;
        var span = new TextSpan(Math.Min(start, text.Length), Math.Min(length, text.Length - Math.Min(start, text.Length)));
        return Location.Create(path, span, text.Lines.GetLinePositionSpan(span));
    }

    private Location Source(ISymbol member, ProblemPlace place)
    {
        var sources = member.Attributes("FromCheckpointAttribute").ToList();
        return place.Source < sources.Count && Locate.Argument(sources[place.Source], place.IsName ? 0 : 1, cancel) is { } argument ? argument.Expression.GetLocation() : Locate.Member(member);
    }

    private Location Ignore(INamedTypeSymbol type, int ignore)
    {
        var attributes = type.Attributes("IgnoreAttribute").ToList();
        return ignore < attributes.Count ? Locate.Argument(attributes[ignore], 0, cancel)?.Expression.GetLocation() ?? Locate.Attribute(attributes[ignore], type, cancel) : type.Locations[0];
    }
}
