using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Layouts;

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
            foreach (var fault in Of(property, parameter, axes, cancel).Concat(OfKernel(property, parameter, axes, cancel)).Concat(OfScales(property, axes, cancel))) yield return fault;
        }
    }

    private static IEnumerable<LayoutFault> Of(IPropertySymbol property, AttributeData parameter, List<string> axes, CancellationToken cancel)
    {
        if (Declared.Text(parameter, 0) is not { } pattern) yield break;
        var sources = Declared.Sources(property);
        var declared = Declared.Constants(property);
        var reported = new HashSet<(LayoutErrorKind, int)>();
        foreach (var format in sources.Count == 0 ? [[]] : sources.GroupBy(static source => source.Format).Select(static group => group.ToList()))
        {
            var layouts = format.ConvertAll(static source => source.Layout);
            var constants = declared.FindAll(constant => constant.Format is not { } named || named == format.FirstOrDefault()?.Format);
            foreach (var error in Relevant(Layout.Check(pattern, layouts, constants.ConvertAll(static constant => constant.Layout), axes), pattern, layouts))
            {
                if (error.SourceIndex >= layouts.Count)
                {
                    var constant = constants[error.SourceIndex - layouts.Count].Attribute;
                    var text = Locate.Argument(constant, 0, cancel);

                    // It may fill several parts, and one for all formats is read again with each.
                    if (reported.Add((LayoutErrorKind.NoElement, declared.FindIndex(other => other.Attribute == constant) - declared.Count)))
                        yield return new LayoutFault(error, property, pattern, null, FormatOf(sources, format), text is null ? Locate.Attribute(constant, property, cancel) : Locate.Text(text, error.Position, error.Length), axes) { IsOfConstant = true };
                    continue;
                }
                var isOwn = error.SourceIndex < 0;
                // The parameter's own text is read again with each format.
                if (isOwn && error.Kind != LayoutErrorKind.Gap && !reported.Add((error.Kind, error.Position))) continue;
                var argument = isOwn
                    ? Locate.Argument(parameter, 0, cancel)
                    : error.InRepeat ? Locate.Argument(format[error.SourceIndex].Attribute, "Repeat", cancel)
                    : Locate.Argument(format[error.SourceIndex].Attribute, error.InName ? 0 : 1, cancel);
                yield return new LayoutFault(
                    error,
                    property,
                    pattern,
                    isOwn ? null : layouts[error.SourceIndex],
                    FormatOf(sources, format),
                    argument is null ? Locate.Member(property) : Locate.Text(argument, error.Position, error.Length),
                    axes);
            }
        }
    }

    /// <summary>The format, where there are several.</summary>
    private static string? FormatOf(List<DeclaredSource> sources, List<DeclaredSource> format) =>
        sources.Exists(source => source.Format != format[0].Format) ? format[0].Format : null;

    // The storage knows the elements of the model layout, all of them and no others.
    private static IEnumerable<LayoutFault> OfKernel(IPropertySymbol property, AttributeData parameter, List<string> axes, CancellationToken cancel)
    {
        if (Declared.Text(parameter, 0) is not { } pattern || !Pattern.TryParse(pattern, out _, out _)) yield break;
        if (parameter.Named("Kernel") is not string kernel || Locate.Argument(parameter, "Kernel", cancel) is not { } argument) yield break;
        var errors = Layout.Check(kernel, [new LayoutSource("", pattern)], axes);
        var own = errors.Where(static error => error.SourceIndex < 0 && error.Kind != LayoutErrorKind.Gap).ToList();
        foreach (var error in own)
            yield return new LayoutFault(error, property, kernel, null, null, Locate.Text(argument, error.Position, error.Length), axes);
        if (own.Count > 0 || errors.Any(static error => error.Kind is LayoutErrorKind.AxisTwice or LayoutErrorKind.UnknownAxis)) yield break;
        if (errors.IsEmpty && Layout.Check(pattern, [new LayoutSource("", kernel)], axes).IsEmpty) yield break;
        var other = new LayoutError(LayoutErrorKind.NoElement, $"Expected the elements of \"{pattern}\" and no others; the kernel layout \"{kernel}\" has other axes or parts.", 0, kernel.Length);
        yield return new LayoutFault(other, property, kernel, null, null, Locate.Text(argument, 0, kernel.Length), axes);
    }

    private static IEnumerable<LayoutFault> OfScales(IPropertySymbol property, List<string> axes, CancellationToken cancel)
    {
        foreach (var source in Declared.Sources(property))
        {
            if (source.Attribute.Named("Scale") is not string scale || NamePattern.TryParse(scale, out _, out var error)) continue;
            if (Locate.Argument(source.Attribute, "Scale", cancel) is { } argument)
                yield return new LayoutFault(error, property, scale, null, null, Locate.Text(argument, error.Position, error.Length), axes);
        }
    }

    // One mistake, one error: what a source does not give is no gap before the source is right.
    private static IEnumerable<LayoutError> Relevant(IReadOnlyCollection<LayoutError> errors, string pattern, List<LayoutSource> sources)
    {
        var isElsewhere = sources.Count == 0 || errors.Any(static error => error.Kind == LayoutErrorKind.NoElement) || sources.Exists(source => !Declared.HasPart(pattern, source));
        return errors.Where(error => error.Kind switch
        {
            LayoutErrorKind.Gap => !isElsewhere,
            LayoutErrorKind.NoElement => error.SourceIndex >= sources.Count || Declared.HasPart(pattern, sources[error.SourceIndex]),
            _ => true,
        });
    }
}
