using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

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
    protected override void Register(AuthoredCode context)
    {
        context.RegisterSymbolAction(
            static context =>
            {
                var type = (INamedTypeSymbol)context.Symbol;
                if (type.TypeKind != TypeKind.Class || !Annotated.IsModule(type)) return;
                Fields(context, type);
                if (type.Attribute("ParameterModuleAttribute") is { } attribute && Inherited(type, context.Compilation) is { } inherited)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Type(type, attribute, context.CancellationToken), $"{inherited.ContainingType.Name}.{Declared.Spelled(inherited)}"));
            },
            SymbolKind.NamedType);
        context.RegisterOperationAction(
            static context =>
            {
                if (!Annotated.IsModule(context.ContainingSymbol.ContainingType)) return;
                foreach (var kept in Kept.In(context.Operation))
                {
                    // A type that says so is reported where it is declared.
                    if (Holds(kept.Type)) continue;
                    foreach (var tensor in kept.Values().SelectMany(Tensors))
                        context.ReportDiagnostic(Diagnostic.Create(Rule, tensor.Syntax.GetLocation(), Declared.Spelled(kept.Member)));
                }
            },
            Kept.Kinds);
    }

    private static void Fields(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (!(field.IsStatic ? HoldsForAll(field) : Holds(field.Type))) continue;

            // The field behind a property stands for the property; those of parameters are the generator's.
            var member = field.AssociatedSymbol ?? field;
            if (member is IPropertySymbol property && Annotated.IsParameter(property)) continue;
            if (member.Locations.FirstOrDefault(static location => location.IsInSource) is { } location)
                context.ReportDiagnostic(Diagnostic.Create(Rule, location, Declared.Spelled(member)));
        }
    }

    /// <summary>A tensor that a class between the annotated one and TorchSharp's Module holds.</summary>
    private static ISymbol? Inherited(INamedTypeSymbol type, Compilation compilation) => Declared.Between(type)
        .SelectMany(parent => Declared.StoredByBase(parent, compilation))
        .FirstOrDefault(static stored => Holds(stored.Type) && !(stored.Member is IPropertySymbol property && Annotated.IsParameter(property)))
        .Member;

    /// <summary>The tensors in a value: itself, or what code has taken along.</summary>
    private static IEnumerable<IOperation> Tensors(IOperation value) => value switch
    {
        IAnonymousFunctionOperation code => code.Descendants().Where(operation => Captured(operation, code) is { } type && Holds(type)).Take(1),
        IMethodReferenceOperation { Instance: { } instance } => Holds(Operation.Bare(instance)?.Type) ? [instance] : [],
        { Type.TypeKind: TypeKind.Delegate } => [],
        _ => Holds(value.Type) ? [value] : [],
    };

    /// <summary>The type of a local or an argument that code takes along from outside.</summary>
    private static ITypeSymbol? Captured(IOperation operation, IAnonymousFunctionOperation code) => operation switch
    {
        ILocalReferenceOperation { Local: var local } when !IsWithin(local, code) => local.Type,
        IParameterReferenceOperation { Parameter: var parameter } when !IsWithin(parameter, code) => parameter.Type,
        _ => null,
    };

    private static bool IsWithin(ISymbol symbol, IOperation code) =>
        symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == code.Syntax.SyntaxTree && code.Syntax.Span.Contains(reference.Span));

    private static bool Holds(ITypeSymbol? type) => Held.Holds(type, IsTensor);

    /// <summary>Whether a static field holds more than a constant that all instances share: weights, or a place to put tensors into.</summary>
    private static bool HoldsForAll(IFieldSymbol field) =>
        Holds(field.Type) && (!field.IsReadOnly || Held.Holds(field.Type, static type => KnownTypes.IsParameter(type)) || Held.Holds(field.Type, IsGrowing));

    private static bool? IsTensor(ITypeSymbol type) =>
        KnownTypes.IsModule(type) || KnownTypes.IsModuleInterface(type) ? null : KnownTypes.IsTensor(type) || KnownTypes.IsParameter(type) || KnownTypes.BasesOf(type).Any(KnownTypes.IsTensor);

    private static bool? IsGrowing(ITypeSymbol type) => type.TypeKind == TypeKind.Class
        && type.ContainingNamespace?.ToDisplayString() is "System.Collections.Generic" or "System.Collections.Concurrent" or "System.Runtime.CompilerServices";
}
