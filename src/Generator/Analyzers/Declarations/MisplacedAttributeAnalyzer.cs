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

    private const string Suffix = nameof(Attribute);

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "An attribute stands where it has an effect",
        "[{0}] has no effect here: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) =>
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType, SymbolKind.Property, SymbolKind.Field, SymbolKind.Method);

    private static void Analyze(SymbolAnalysisContext context)
    {
        var symbol = context.Symbol;
        if (symbol is IPropertySymbol { PartialDefinitionPart: not null } or IMethodSymbol { PartialDefinitionPart: not null }) return;
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is not { } type || !type.IsAttribute(type.Name) || !type.Name.EndsWith(Suffix, StringComparison.Ordinal)) continue;
            var name = type.Name.Substring(0, type.Name.Length - Suffix.Length);
            if (Wrong(name, symbol) is { } reason)
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Attribute(attribute, symbol, context.CancellationToken), name, reason));
        }
    }

    private static string? Wrong(string attribute, ISymbol symbol)
    {
        if (attribute is "ParameterModule" or not ("Parameter" or "FromCheckpoint" or "Constant" or "Axis" or "CheckpointName" or "PostLoad" or "Ignore" or "CheckpointAlias" or "CheckpointPrefix")) return null;
        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        if (type.Attribute("ParameterModuleAttribute") is null) return $"the generator does not read \"{type.Name}\"; add [ParameterModule] to it or, where a class that derives from it has that, declare the member there";
        return (attribute, symbol) switch
        {
            ("FromCheckpoint" or "Constant", _) when symbol.Attribute("ParameterAttribute") is null => $"\"{symbol.Name}\" is no parameter; add [Parameter] with its model layout",
            ("CheckpointName", IPropertySymbol property) when !ChildParser.IsChild(property) => $"\"{symbol.Name}\" is no child module; the names of a parameter's tensors are in [FromCheckpoint]",
            _ => null,
        };
    }
}
