using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Emit;

/// <summary>Writes what a class declares as an attribute of it, for compilers that see the assembly alone.</summary>
internal static class DeclarationEmitter
{
    public static void Emit(CodeWriter writer, ModuleModel module)
    {
        var lines = Lines(module).Select(static fields => Literals.Text(DeclarationLine.Of(fields))).ToList();
        writer.Lines(lines.Count == 0 ? "[global::Lanyard.Declaration]" : $"[global::Lanyard.Declaration(\n    {string.Join(",\n    ", lines)})]");
    }

    private static IEnumerable<IEnumerable<string>> Lines(ModuleModel module)
    {
        foreach (var axis in module.Axes) yield return Axis(axis);
        List<EncodingModel> encodings = [.. module.Parameters.SelectMany(static parameter => parameter.Sources).Select(static source => source.Encoding).OfType<EncodingModel>().Distinct()];
        foreach (var line in encodings.SelectMany(Encoding)) yield return line;
        foreach (var line in module.Parameters.SelectMany(parameter => Parameter(parameter, encodings))) yield return line;
        foreach (var line in module.Children.SelectMany(Child)) yield return line;
        foreach (var prefix in module.Prefixes) yield return ["prefix", prefix.Prefix, .. Option("convention", Filled(prefix.Convention))];
        foreach (var ignore in module.Ignores) yield return ["ignore", ignore.Pattern, .. Flag("optional", ignore.Optional), .. Option("when", ignore.When), .. Flag("numbered", ignore.Numbers is not null)];
        foreach (var alias in module.Aliases) yield return ["alias", alias.Alias, alias.Name];
    }

    private static IEnumerable<string> Axis(AxisModel axis) =>
    [
        "axis", axis.Name, axis.Size, axis.Shard.Substring(axis.Shard.LastIndexOf('.') + 1),
        .. Flag("replicate", axis.Replicate), .. axis.Labels.Select(static label => "label " + label), .. Option("pad_to", axis.PadTo == 1 ? null : Literals.Number(axis.PadTo)),
        .. axis.Rest, .. Option("value", axis.Value is { } value ? Literals.Number(value) : null), .. Option("same", axis.Same), .. Option("config", axis.Config),
    ];

    private static IEnumerable<IEnumerable<string>> Encoding(EncodingModel encoding)
    {
        yield return ["encoding", encoding.ShortName, encoding.Codes, Layout(encoding.Layout), .. Flag("flat", encoding.IsFlat)];
        foreach (var companion in encoding.Companions)
            yield return ["companion", companion.Name, companion.Tensor, Layout(companion.Layout), .. companion.Covers.Select(static covers => "covers " + covers), .. Flag("absent", companion.Absent is not null)];
        foreach (var unread in encoding.Unread) yield return ["unread", unread];
    }

    private static string Layout(CodeLayoutModel layout) => $"{layout.Type.Substring(layout.Type.LastIndexOf('.') + 1)} {layout.Bits} {layout.Word} {layout.Axis} {layout.Block}";

    private static IEnumerable<IEnumerable<string>> Parameter(ParameterModel parameter, List<EncodingModel> encodings)
    {
        yield return
        [
            "parameter", parameter.Property, parameter.Pattern,
            .. Option("when", parameter.When), .. Option("type", parameter.Type?.Substring(parameter.Type.LastIndexOf('.') + 1)), .. Flag("absent", parameter.Absent is not null),
        ];
        foreach (var source in parameter.Sources)
        {
            yield return
            [
                "source", source.Name, source.Pattern,
                .. Option("part", source.Part), .. Option("format", source.Format), .. Option("encoding", source.Encoding is { } encoding ? Literals.Number(encodings.IndexOf(encoding)) : null), .. source.Options,
            ];
        }
        foreach (var constant in parameter.Constants) yield return ["constant", constant.Part, .. Option("format", constant.Format)];
    }

    private static IEnumerable<IEnumerable<string>> Child(ChildModel child)
    {
        yield return
        [
            "child", child.Property, child.CheckpointName,
            .. Flag("list", child.Kind != ChildKind.Single), .. Flag("optional", child.IsOptional), .. Flag("numbered", child.Numbers?.Numbers is not null),
            .. child.Classes.Select(static name => "class " + name), .. Option("axes", child.Axes), .. Option("when", child.When),
        ];
        foreach (var name in child.Names) yield return ["name", name.Name, .. Option("format", Filled(name.Format)), .. Option("convention", Filled(name.Convention))];
    }

    private static string? Filled(string text) => text.Length > 0 ? text : null;

    private static IEnumerable<string> Option(string word, string? text) => text is null ? [] : [word + " " + text];

    private static IEnumerable<string> Flag(string word, bool isSet) => isSet ? [word] : [];
}
