using System.Collections.Immutable;
using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>An attribute of Lanyard is on a member that the generator reads.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MisplacedAttributeAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0006";

    /// <summary>A property of the report: there where the class could be annotated.</summary>
    public const string IsModule = "IsModule";

    private const string Suffix = nameof(Attribute);

    private static readonly ImmutableDictionary<string, string?> Fixable = ImmutableDictionary<string, string?>.Empty.Add(IsModule, null);

    private static readonly HashSet<string> Names = ["Parameter", "FromCheckpoint", "Constant", "Axis", "CheckpointName", "PostLoad", "Ignore", "CheckpointAlias", "CheckpointPrefix"];

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "An attribute stands where it has an effect",
        "[{0}] has no effect here{1}: {2}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterSymbolAction(Unread, SymbolKind.NamedType);
        context.RegisterSymbolAction(Misplaced, SymbolKind.Property, SymbolKind.Field, SymbolKind.Method);
    }

    /// <summary>A type that is not annotated: one mistake, however many attributes wait for it.</summary>
    private static void Unread(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.Attribute("ParameterModuleAttribute") is not null) return;
        var found = type.GetMembers().Where(static member => !IsImplementation(member)).Prepend(type).SelectMany(static owner => Ours(owner).Select(ours => (Owner: owner, ours.Attribute, ours.Name))).ToList();
        if (found.Count == 0) return;
        var (symbol, attribute, name) = found[0];
        var others = found.Count switch { 1 => "", 2 => $", nor has another attribute of \"{type.Name}\"", _ => $", nor have {found.Count - 1} more attributes of \"{type.Name}\"" };
        context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Attribute(attribute, symbol, context.CancellationToken), KnownTypes.IsModule(type) ? Fixable : ImmutableDictionary<string, string?>.Empty, name, others, Reason(type)));
    }

    private static string Reason(INamedTypeSymbol type)
    {
        if (type.TypeKind != TypeKind.Class) return $"parameters belong to a class derived from torch.nn.Module, with [ParameterModule], and \"{type.Name}\" is none";
        if (!KnownTypes.IsModule(type)) return $"the generator does not read \"{type.Name}\"; derive it from torch.nn.Module and add [ParameterModule]";
        return $"the generator does not read \"{type.Name}\"; add [ParameterModule] to it" + (type.IsSealed ? "" : " or, where a class that derives from it has that, declare the member there");
    }

    private static void Misplaced(SymbolAnalysisContext context)
    {
        var symbol = context.Symbol;
        if (IsImplementation(symbol) || symbol.ContainingType.Attribute("ParameterModuleAttribute") is null) return;
        foreach (var (attribute, name) in Ours(symbol))
        {
            if (Wrong(name, symbol) is { } reason)
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Attribute(attribute, symbol, context.CancellationToken), name, "", reason));
        }
    }

    private static string? Wrong(string attribute, ISymbol symbol) => (attribute, symbol) switch
    {
        ("FromCheckpoint" or "Constant", _) when symbol.Attribute("ParameterAttribute") is null => $"\"{symbol.Name}\" is no parameter; add [Parameter] with its model layout",
        ("CheckpointName", IPropertySymbol property) when !ChildParser.IsChild(property) => $"\"{symbol.Name}\" is no child module; the names of a parameter's tensors are in [FromCheckpoint]",
        _ => null,
    };

    private static bool IsImplementation(ISymbol symbol) => symbol is IPropertySymbol { PartialDefinitionPart: not null } or IMethodSymbol { PartialDefinitionPart: not null };

    private static IEnumerable<(AttributeData Attribute, string Name)> Ours(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is not { } type || !type.IsAttribute(type.Name) || !type.Name.EndsWith(Suffix, StringComparison.Ordinal)) continue;
            var name = type.Name.Substring(0, type.Name.Length - Suffix.Length);
            if (Names.Contains(name)) yield return (attribute, name);
        }
    }
}
