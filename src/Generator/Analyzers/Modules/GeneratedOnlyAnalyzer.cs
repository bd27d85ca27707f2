using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>What the runtime offers to generated code is not called by hand.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GeneratedOnlyAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Members = ["Accept", "Create", "Move", "Read", "ReadOptional"];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0026";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Members for generated code are not used by hand",
        "\"{0}\" is for generated code alone: used by hand it parts a parameter from its loader. {1}.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterOperationAction(static context => Use(context, ((IInvocationOperation)context.Operation).TargetMethod), OperationKind.Invocation);
        context.RegisterOperationAction(static context => Use(context, ((IMethodReferenceOperation)context.Operation).Method), OperationKind.MethodReference);
        context.RegisterSymbolAction(
            static context =>
            {
                var type = (INamedTypeSymbol)context.Symbol;
                var isSet = KnownTypes.BasesOf(type).Skip(1).Any(static parent => IsRuntime(parent, "ParameterSet"));
                var isModule = type.AllInterfaces.Any(static parent => IsRuntime(parent, "IParameterModule"));
                if (!isSet && !isModule) return;

                // The generated half of a class names it too: what is found here was written by hand.
                foreach (var reference in type.DeclaringSyntaxReferences)
                {
                    if (reference.GetSyntax(context.CancellationToken) is not TypeDeclarationSyntax declaration || EmittedFiles.Of(context.Compilation).Contains(declaration.SyntaxTree)) continue;
                    if (declaration.BaseList is null && Annotated.IsModule(type)) continue;
                    if (!isSet && Annotated.IsModule(type) && !(type.Attribute("ParameterModuleAttribute") is null ? Implements(type) : declaration.BaseList!.Types.Any(static parent => parent.Type.ToString().EndsWith("IParameterModule", StringComparison.Ordinal)))) continue;
                    context.ReportDiagnostic(Diagnostic.Create(Rule, declaration.Identifier.GetLocation(), isSet ? "ParameterSet" : "IParameterModule", "Annotate the class with [ParameterModule]"));
                }
            },
            SymbolKind.NamedType);
    }

    // Of a class below an annotated one: an interface that it names again it implements anew, and one of the runtime's that has it is harmless where the
    // generated member is what implements it.
    private static bool Implements(INamedTypeSymbol type) => type.Interfaces.Any(named => IsRuntime(named, "IParameterModule")
        || (named.AllInterfaces.FirstOrDefault(static parent => IsRuntime(parent, "IParameterModule")) is { } module && !(IsRuntime(named, named.Name) && IsGenerated(type, module))));

    private static bool IsGenerated(INamedTypeSymbol type, INamedTypeSymbol module) => module.GetMembers().All(member =>
        type.FindImplementationForInterfaceMember(member)?.ContainingType.Attribute("ParameterModuleAttribute") is not null);

    private static void Use(OperationAnalysisContext context, IMethodSymbol method)
    {
        if (((IsRuntime(method.ContainingType, "ParameterSet") && Members.Contains(method.Name)) || IsRuntime(method.ContainingType, "ModuleMoves")) && !Operation.IsNamed(context.Operation))
            context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(context.Operation.Syntax), method.Name, "Use the property, CreateParameters, or to()"));
    }

    private static bool IsRuntime(INamedTypeSymbol? type, string name) =>
        type is { ContainingNamespace: { Name: "Lanyard", ContainingNamespace.IsGlobalNamespace: true } } && type.Name == name;
}
