using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>An annotated class holds tensors as parameters, where they are registered, converted and loaded.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HeldTensorAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0024";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "An annotated class holds tensors as parameters",
        "\"{0}\" holds a tensor that no map describes: it is neither loaded, nor registered, nor converted by to(). Declare it with [Parameter], or compute it where it is used.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterSymbolAction(
        static context =>
        {
            var type = (INamedTypeSymbol)context.Symbol;
            if (type.TypeKind != TypeKind.Class || !Annotated.IsModule(type)) return;
            Fields(context, type);
            if (type.Attribute("ParameterModuleAttribute") is { } attribute && Inherited(type) is { } inherited)
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Type(type, attribute, context.CancellationToken), $"{inherited.ContainingType.Name}.{Declared.Spelled(inherited)}"));
        },
        SymbolKind.NamedType);

    private static void Fields(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            // Constants that all instances share are nobody's weights; a parameter is.
            if (!Holds(field.Type) || (field.IsStatic && !KnownTypes.IsParameter(field.Type))) continue;

            // The field behind a property stands for the property; those of parameters are the generator's.
            var member = field.AssociatedSymbol ?? field;
            if (member is IPropertySymbol property && Annotated.IsParameter(property)) continue;
            if (member.Locations.FirstOrDefault(static location => location.IsInSource) is { } location)
                context.ReportDiagnostic(Diagnostic.Create(Rule, location, Declared.Spelled(member)));
        }
    }

    /// <summary>A tensor that a class between the annotated one and TorchSharp's Module holds.</summary>
    private static ISymbol? Inherited(INamedTypeSymbol type) => Declared.Between(type)
        .SelectMany(Declared.Stored)
        .FirstOrDefault(static stored => Holds(stored.Type) && !(stored.Member is IPropertySymbol property && Annotated.IsParameter(property)))
        .Member;

    private static bool Holds(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Holds(array.ElementType),
        INamedTypeSymbol { TypeArguments.IsEmpty: false } generic when !KnownTypes.IsModule(generic) => generic.TypeKind != TypeKind.Delegate && generic.TypeArguments.Any(Holds),
        _ => KnownTypes.IsTensor(type) || KnownTypes.IsParameter(type) || KnownTypes.BasesOf(type).Any(KnownTypes.IsTensor),
    };
}
