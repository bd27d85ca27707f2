using Lanyard.Generator.Parsing;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers;

/// <summary>Checks the layouts that a class declares, format by format, as the runtime reads them.</summary>
internal static class LayoutFaults
{
    public static IEnumerable<LayoutFault> Of(INamedTypeSymbol type, CancellationToken cancel)
    {
        var members = type.GetMembers();
        // Members that are no good as axes have an error of their own.
        var axes = members.Where(static member => member.Attribute("AxisAttribute") is not null).Select(static member => SnakeCase.Of(member.Name)).ToList();
        foreach (var property in members.OfType<IPropertySymbol>())
        {
            if (property.PartialDefinitionPart is not null || property.Attribute("ParameterAttribute") is not { } parameter) continue;
            cancel.ThrowIfCancellationRequested();
            foreach (var fault in Of(property, parameter, axes, cancel)) yield return fault;
        }
    }

    private static IEnumerable<LayoutFault> Of(IPropertySymbol property, AttributeData parameter, List<string> axes, CancellationToken cancel)
    {
        if (Declared.Text(parameter, 0) is not { } pattern) yield break;
        var sources = Declared.Sources(property);
        var reported = new HashSet<(LayoutErrorKind, int)>();
        foreach (var format in sources.Count == 0 ? [[]] : sources.GroupBy(static source => source.Format).Select(static group => group.ToList()))
        {
            var layouts = format.ConvertAll(static source => source.Layout);
            foreach (var error in Relevant(Layout.Check(pattern, layouts, axes), pattern, layouts))
            {
                var isOwn = error.SourceIndex < 0;
                // The parameter's own text is read again with each format.
                if (isOwn && error.Kind != LayoutErrorKind.Gap && !reported.Add((error.Kind, error.Position))) continue;
                var argument = isOwn
                    ? Locate.Argument(parameter, 0, cancel)
                    : Locate.Argument(format[error.SourceIndex].Attribute, error.InName ? 0 : 1, cancel);
                yield return new LayoutFault(
                    error,
                    property,
                    pattern,
                    isOwn ? null : layouts[error.SourceIndex],
                    sources.Exists(source => source.Format != format[0].Format) ? format[0].Format : null,
                    argument is null ? Locate.Member(property) : Locate.Text(argument, error.Position, error.Length),
                    axes);
            }
        }
    }

    // One mistake, one error: what a source does not give is no gap before the source is right.
    private static IEnumerable<LayoutError> Relevant(IReadOnlyCollection<LayoutError> errors, string pattern, List<LayoutSource> sources)
    {
        var isElsewhere = sources.Count == 0 || errors.Any(static error => error.Kind == LayoutErrorKind.NoElement) || sources.Exists(source => !Declared.HasPart(pattern, source.Part));
        return errors.Where(error => error.Kind switch
        {
            LayoutErrorKind.Gap => !isElsewhere,
            LayoutErrorKind.NoElement => Declared.HasPart(pattern, sources[error.SourceIndex].Part),
            _ => true,
        });
    }
}
