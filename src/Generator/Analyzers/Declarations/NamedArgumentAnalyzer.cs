using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>Parts, members and encodings that attributes name exist and go together.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NamedArgumentAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0017";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "What an attribute names is there, and fits",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        foreach (var (where, owner, argument, message) in CheckpointNames.Wrong(type))
        {
            var location = Locate.Argument(where, argument, context.CancellationToken)?.Expression.GetLocation() ?? Locate.Attribute(where, owner, context.CancellationToken);
            context.ReportDiagnostic(Diagnostic.Create(Rule, location, message));
        }
        foreach (var ignore in type.Attributes("IgnoreAttribute")) Report(ignore, type, When(type, ignore, context.Compilation));
        foreach (var (property, parameter) in Declared.Parameters(type))
        {
            Report(parameter, property, When(type, parameter, context.Compilation));
            Report(parameter, property, Absent(property, parameter));
            var sources = Declared.Sources(property);
            foreach (var source in sources)
            {
                if (Declared.Text(parameter, 0) is { } pattern) Report(source.Attribute, property, Part(pattern, source.Layout, [.. sources.Where(other => other.Format == source.Format).Select(static other => other.Layout.Part).OfType<string>().Distinct()]));
                foreach (var wrong in Encoding(source)) Report(source.Attribute, property, wrong);
            }
        }
        foreach (var child in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (child.Attribute("ChildAttribute") is { } stated) Report(stated, child, When(type, stated, context.Compilation));
        }
        foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (method.PartialDefinitionPart is null && method.Attribute("PostLoadAttribute") is { } postLoad) Report(postLoad, method, Undo(type, method, postLoad, context));
        }

        void Report(AttributeData where, ISymbol owner, (string Argument, string Message)? wrong)
        {
            if (wrong is not { } found) return;
            var location = Locate.Argument(where, found.Argument, context.CancellationToken)?.Expression.GetLocation() ?? Locate.Attribute(where, owner, context.CancellationToken);
            context.ReportDiagnostic(Diagnostic.Create(Rule, location, found.Message));
        }
    }

    private static (string, string)? Part(string pattern, LayoutSource source, List<string> named)
    {
        if (Declared.HasPart(pattern, source)) return null;
        var parsed = Pattern.Parse(pattern);
        var tags = Declared.Tags(parsed).ToList();
        if (tags.Count > 0) return ("Part", $"\"{pattern}\" has no part \"{source.Part}\"; its parts are {string.Join(", ", tags)}");
        return ("Part", parsed.Items.OfType<CompositionNode>().FirstOrDefault(static composition => composition.Parts.Length > 1) is { } composition
            ? $"\"{pattern}\" has no part with the tag \"{source.Part}\"; tag its parts: [Parameter(\"{Tagged(pattern, composition, named)}\")]"
            : $"\"{pattern}\" has no parts, and neither has \"{source.Pattern}\"; remove \"Part\"");
    }

    /// <summary>A pattern with tags before the parts, in the order in which sources name them.</summary>
    private static string Tagged(string pattern, CompositionNode composition, List<string> named)
    {
        for (var i = Math.Min(composition.Parts.Length, named.Count) - 1; i >= 0; i--) pattern = pattern.Insert(composition.Parts[i].Start, $"{named[i]}: ");
        return pattern;
    }

    private static (string, string)? Absent(IPropertySymbol property, AttributeData parameter) =>
        parameter.Named("Absent") is not null && property.Attribute("FromCheckpointAttribute") is null
            ? ("Absent", $"\"{property.Name}\" has no source, so no tensor of it can stay away; remove \"Absent\", and let a [PostLoad] method make the value")
            : null;

    private static (string, string)? When(INamedTypeSymbol type, AttributeData parameter, Compilation compilation)
    {
        if (parameter.Named("When") is not string { Length: > 0 } name) return null;
        var isSuitable = KnownTypes.BasesOf(type).SelectMany(owner => owner.GetMembers(name)).FirstOrDefault(member => compilation.IsSymbolAccessibleWithin(member, type)) switch
        {
            IPropertySymbol { IsStatic: false, GetMethod: { } getter, Type.SpecialType: SpecialType.System_Boolean } => compilation.IsSymbolAccessibleWithin(getter, type),
            IFieldSymbol { IsStatic: false, Type.SpecialType: SpecialType.System_Boolean } => true,
            _ => false,
        };
        if (isSuitable) return null;
        var near = KnownTypes.BasesOf(type).SelectMany(static owner => owner.GetMembers()).Where(ParameterParser.IsCondition).Select(static member => member.Name).FirstOrDefault(member => SnakeCase.Of(member) == SnakeCase.Of(name.Trim('!', ' ')));
        var advice = near is null || near == name ? "" : name.Contains('!') ? $"; it names a member and computes nothing: declare \"bool Not{near} => !{near};\"" : $"; did you mean nameof({near})?";
        return ("When", $"\"{type.Name}\" has no property or field \"{name}\" of type bool that an instance can be asked for{advice}");
    }

    private static (string, string)? Undo(INamedTypeSymbol type, IMethodSymbol method, AttributeData postLoad, SymbolAnalysisContext context)
    {
        if (postLoad.Named("Undo") is not string name) return null;
        if (name == method.Name) return ("Undo", $"\"{name}\" cannot undo itself; name the method that makes the model layout again");
        var undo = type.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(static method => method is { Parameters.IsEmpty: true, IsGenericMethod: false, ReturnsVoid: true, MethodKind: MethodKind.Ordinary });
        if (undo is null) return ("Undo", $"\"{type.Name}\" has no method \"{name}\" that takes nothing and returns nothing");
        if (undo.Attribute("PostLoadAttribute") is not null) return ("Undo", $"\"{name}\" runs after each load itself; remove its [PostLoad]");
        var reader = new SourceReader(context.Compilation, context.CancellationToken);
        var parser = new PostLoadParser(type, ParameterParser.Find(type.GetMembers(), reader), reader);
        var (made, undone) = (parser.AssignedBy(method), parser.AssignedBy(undo));
        if (made.Except(undone).FirstOrDefault() is { } left) return ("Undo", $"\"{method.Name}\" assigns \"{left}\", and \"{name}\" does not; assign it its model layout there");
        return undone.Except(made).FirstOrDefault() is { } other ? ("Undo", $"\"{name}\" assigns \"{other}\", which \"{method.Name}\" does not; leave it alone") : null;
    }

    private static IEnumerable<(string, string)> Encoding(DeclaredSource source)
    {
        var attribute = source.Attribute;
        var scale = attribute.Named("Scale") as string;

        // Beside an encoding these have no place, which is for its own rule to say.
        var isEncoded = attribute.Constant("Encoding") is { Kind: TypedConstantKind.Type, IsNull: false };
        var block = isEncoded ? 0 : attribute.Named("BlockSize") as int? ?? 0;
        var isPacked = !isEncoded && attribute.Constant("Packing") is { Kind: TypedConstantKind.Enum, Value: not 0 };
        if (attribute.Named("Offset") is double offset && (double.IsNaN(offset) || double.IsInfinity(offset))) yield return ("Offset", "Nothing is left of a value to which this is added; \"Offset\" is a finite number");
        if (block < 0) yield return ("BlockSize", "A block has a size of at least 1; without blocks leave \"BlockSize\" out");
        if (block > 0 && scale is null) yield return ("BlockSize", "Blocks share a scale, and none is named; add \"Scale\" with the name of the tensor that holds them");
        if (block > 0 && isPacked) yield return ("BlockSize", "This packing has blocks of its own; remove \"BlockSize\"");
        if (isPacked && scale is null) yield return ("Packing", "Packed elements need their scales; add \"Scale\" with the name of the tensor that holds them");
        if (!Pattern.TryParse(source.Layout.Pattern, out var pattern, out _) || !NamePattern.TryParse(source.Layout.Name, out var name, out _)) yield break;
        if (block > 0 && !isPacked && pattern.Items.Length < 2) yield return ("BlockSize", $"Blocks are square, in the last two dimensions, and \"{pattern.Text}\" has {(pattern.Items.IsEmpty ? "none" : "one")}");
        if (isPacked && pattern.Items.IsEmpty) yield return ("Packing", "The last dimension is packed, and a scalar has none");
        if (scale is null || !NamePattern.TryParse(scale, out var scaleName, out _)) yield break;
        if (scaleName.Equals(name)) yield return ("Scale", $"\"{scale}\" is the tensor itself; name the one that holds its scales");
        else if (isEncoded && !HasHolesOf(scaleName, name)) yield return ("Scale", $"\"{scale}\" must have the holes of \"{name.Text}\", in the same order, or fewer of them where one serves several");
        else if (!isEncoded && Holes(scaleName) != Holes(name)) yield return ("Scale", $"\"{scale}\" must have the holes of \"{name.Text}\", in the same order: each tensor has scales of its own");
    }

    private static bool HasHolesOf(NamePattern some, NamePattern all)
    {
        var found = 0;
        foreach (var hole in all.Holes)
        {
            if (found < some.Holes.Length && some.Holes[found].ToString() == hole.ToString()) found++;
        }
        return found == some.Holes.Length;
    }

    private static string Holes(NamePattern name) => string.Join("\n", name.Holes.Select(static hole => hole.Composition.ToString()));
}
